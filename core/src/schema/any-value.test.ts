import { DurationSchema, MemorySizeSchema, Secret } from "@damson/plugin-sdk";
import fc from "fast-check";
import { Type } from "typebox";
import { expect, test } from "vitest";
import { compileSchema, issueText } from "./index.ts";

const Step = Type.Union([
  Type.Object(
    { type: Type.Literal("run"), args: Type.Array(Type.String(), { maxItems: 2 }) },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal("wait"), time: DurationSchema() }, { additionalProperties: false }),
]);
const checker = compileSchema(
  Type.Object(
    {
      name: Type.String({ pattern: "^[a-z]+$", maxLength: 5 }),
      size: Type.Optional(MemorySizeSchema()),
      steps: Type.Optional(Type.Array(Step)),
      when: Type.Optional(Type.Union([Type.Enum(["now", "later"]), Type.Null(), Step])),
      secret: Type.Optional(Type.Union([Secret({ description: "A word" }), Type.Object({ secret: Secret() })])),
      not: Type.Optional(Type.Unsafe<unknown>({ not: { type: "string" } })),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      some: Type.Optional(Type.Unsafe<unknown>({ if: { type: "array" }, then: { minItems: 1 }, else: false })),
    },
    { additionalProperties: false },
  ),
);

const key = fc.constantFrom(
  "name",
  "size",
  "steps",
  "when",
  "not",
  "some",
  "type",
  "args",
  "time",
  "__proto__",
  "a/b~c",
  "",
);
const word = fc.constantFrom("run", "wait", "now", "noow", "5m", "512m", "abc", "ABC", "", "\u0000");
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
}));

test("whatever the value, it has a fault exactly when it is wrong", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const issues = checker.check(value);
      expect(issues.length === 0).toBe(checker.accepts(value));
      for (const issue of issues) expect(issueText(issue)).not.toContain("undefined");
    }),
    { numRuns: 3_000 },
  );
});

test("whatever stands around it, a secret is in no message", () => {
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom("s3cret", ["s3cret"], { secret: "s3cret" }, { a: "s3cret" }),
      (value, secret) => {
        const around = typeof value === "object" ? { ...value, secret } : { name: value, secret };
        expect(checker.check(around).map(issueText).join("\n")).not.toContain("s3cret");
      },
    ),
    { numRuns: 1_000 },
  );
});
