import { DurationSchema, MemorySizeSchema, Secret } from "@damson/plugin-sdk";
import { type TSchema, Type } from "typebox";
import { expect, test } from "vitest";
import { compileSchema, issueText } from "./index.ts";

function texts(schema: TSchema, value: unknown): string[] {
  return compileSchema(schema).check(value).map(issueText);
}

const Port = Type.Object(
  { host_port: Type.Integer({ minimum: 1, maximum: 65_535, description: "Port on the host" }) },
  { additionalProperties: false },
);

const Binary = Type.Object(
  { type: Type.Literal("binary"), command: Type.Array(Type.String()), ports: Type.Optional(Type.Array(Port)) },
  { additionalProperties: false },
);
const Docker = Type.Object(
  { type: Type.Literal("docker"), image: Type.String(), socket_path: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

const EITHER = { oneOf: [{ required: ["path"] }, { required: ["url"] }] };

test.each<[string, TSchema, unknown, string[]]>([
  ["a right value", Type.String(), "a", []],
  ["a wrong type", Type.Object({ a: Type.String() }), { a: 5 }, ["a: expected string, got number 5"]],
  ["the whole document", Type.Object({}), [], ["expected object, got array"]],
  ["neither of two", Type.Object({}, EITHER), {}, ["needs path or url, and has neither"]],
  ["both of two", Type.Object({}, EITHER), { path: 1, url: 2 }, ["takes only one of path and url, and has both"]],
  [
    "a form of which schema and examples tell",
    Type.String({ pattern: "^a$", description: "One letter", examples: ["a"] }),
    "b",
    ['expected a string that matches ^a$, got string "b". One letter. For example a.'],
  ],
  ["null", Type.Object({ a: Type.String() }), { a: null }, ["a: expected string, got null"]],
  ["a fraction", Type.Integer(), 5.5, ["expected integer, got number 5.5"]],
  [
    "an index",
    Type.Object({ pkg: Binary }),
    { pkg: { type: "binary", command: ["x"], ports: [{ host_port: "80" }] } },
    ['pkg.ports[0].host_port: expected integer, got string "80"'],
  ],
  [
    "a limit, with the schema's own words",
    Port,
    { host_port: 70_000 },
    ["host_port: expected a number, at most 65535, got number 70000. Port on the host."],
  ],
  ["a missing property", Type.Object({ a: Type.String() }), {}, ["a: required, but missing"]],
  [
    "a missing property that is described",
    Type.Object({ a: Type.String({ description: "The way in" }) }),
    {},
    ["a: required, but missing. The way in."],
  ],
  [
    "a misspelt property",
    Docker,
    { type: "docker", image: "x", socketpath: 5 },
    ['socketpath: unknown property. Did you mean "socket_path"? Allowed: type, image, socket_path.'],
  ],
  [
    "an unknown property that resembles nothing",
    Docker,
    { type: "docker", image: "x", z: 1 },
    ["z: unknown property. Allowed: type, image, socket_path."],
  ],
  [
    "a property whose name needs quotes",
    Type.Object({ labels: Type.Record(Type.String(), Type.String()) }),
    { labels: { "a.b": 1 } },
    ['labels["a.b"]: expected string, got number 1'],
  ],
  [
    "a key of the wrong form",
    Type.Record(Type.String({ pattern: "^[a-z]+$" }), Type.String(), { additionalProperties: false }),
    { A: "x" },
    ["A: the name does not match ^[a-z]+$"],
  ],
  [
    "a misspelt value",
    Type.Object({ policy: Type.Enum(["always", "on-failure", "never"]) }),
    { policy: "onfailure" },
    [
      'policy: expected one of the allowed values, got string "onfailure". Did you mean "on-failure"? ' +
        "Allowed: always, on-failure, never.",
    ],
  ],
  [
    "a union of constants",
    Type.Union([Type.Literal("tcp"), Type.Literal("udp")]),
    "tpc",
    ['expected one of the allowed values, got string "tpc". Allowed: tcp, udp.'],
  ],
  [
    "a union by its discriminator",
    Type.Union([Binary, Docker]),
    { type: "docker", imge: "x" },
    [
      "image: required, but missing",
      'imge: unknown property. Did you mean "image"? Allowed: type, image, socket_path.',
    ],
  ],
  [
    "an unknown discriminator",
    Type.Union([Binary, Docker]),
    { type: "dokcer" },
    ['type: expected one of the allowed values, got string "dokcer". Did you mean "docker"? Allowed: binary, docker.'],
  ],
  [
    "an absent discriminator",
    Type.Union([Binary, Docker]),
    {},
    ["type: required, but missing. Allowed: binary, docker."],
  ],
  [
    "a union of a word and an object, given a word",
    Type.Union([Type.Enum(["always", "never"]), Type.Object({ policy: Type.String() })]),
    "nevr",
    ['expected one of the allowed values, got string "nevr". Did you mean "never"? Allowed: always, never.'],
  ],
  [
    "a union of a word and an object, given an object",
    Type.Union([Type.Enum(["always", "never"]), Type.Object({ policy: Type.String() })]),
    { policy: 5 },
    ["policy: expected string, got number 5"],
  ],
  [
    "a union, given neither",
    Type.Union([Type.Enum(["always", "never"]), Type.Object({ policy: Type.String() })]),
    true,
    ["expected string or object, got boolean true"],
  ],
  [
    "a union inside a union",
    Type.Union([Type.Null(), Type.Object({ a: Type.Union([Type.String(), Type.Integer()]) })]),
    { a: [] },
    ["a: expected string or integer, got array"],
  ],
  [
    "a duration",
    Type.Object({ delay: DurationSchema() }),
    { delay: "5 sec" },
    [
      'delay: expected a string that matches ^(0|[0-9]+(\\.[0-9]+)?(ms|s|m|h|d))$, got string "5 sec". ' +
        "For example 500ms, 10s, 5m.",
    ],
  ],
  [
    "a size of the wrong type",
    Type.Object({ size: MemorySizeSchema() }),
    { size: true },
    ["size: expected string or integer, got boolean true. For example 512m, 1.5g."],
  ],
  ["too short", Type.String({ minLength: 1 }), "", ["expected at least 1 character, got 0"]],
  ["too many", Type.Array(Type.String(), { maxItems: 2 }), ["a", "b", "c"], ["expected at most 2 items, got 3"]],
  ["the same twice", Type.Array(Type.String(), { uniqueItems: true }), ["a", "b", "a"], ["items 0 and 2 are the same"]],
  ["a format", Type.String({ format: "uri" }), "nope", ['expected a valid uri, got string "nope"']],
  ["a long value", Type.Integer(), "x".repeat(100), [`expected integer, got string "${"x".repeat(60)}…"`]],
])("%s", (_, schema, value, expected) => {
  expect(texts(schema, value)).toEqual(expected);
});

test("every fault is reported, not only the first", () => {
  const schema = Type.Object({ a: Type.String(), b: Type.Integer() }, { additionalProperties: false });
  expect(texts(schema, { a: 1, b: "x", c: true })).toHaveLength(3);
});

test("a checked value is not changed, and defaults are filled into a copy", () => {
  const checker = compileSchema(Type.Object({ a: Type.Optional(Type.Integer({ default: 7 })), b: Type.String() }));
  const value = { b: "x", extra: 1 };
  expect(checker.check(value)).toEqual([]);
  expect(checker.withDefaults(value)).toEqual({ a: 7, b: "x", extra: 1 });
  expect(value).toEqual({ b: "x", extra: 1 });
});

test("a string is not taken for a number", () => {
  expect(texts(Type.Integer(), "5")).toEqual(['expected integer, got string "5"']);
});

test("paths begin where the value lies in the user's document", () => {
  const [issue] = compileSchema(Port).check({ host_port: "x" }, { under: ["pkg", "ports", 2] });
  expect(issue?.path).toBe("pkg.ports[2].host_port");
});

test("a schema that is none is refused", () => {
  expect(() => compileSchema({ type: "strnig" })).toThrow(/schema is invalid/);
});

const Vault = Type.Object(
  {
    token: Secret(),
    keys: Type.Record(Type.String(), Secret()),
    environment: Type.Record(Type.String(), Type.Enum(["x"])),
    either: Type.Union([Type.Object({ pin: Secret() }), Type.Object({ pin: Type.Integer(), type: Type.String() })]),
  },
  { additionalProperties: false },
);

test("no message holds a secret or an environment value", () => {
  const value = {
    token: 12_345_678,
    keys: { main: 12_345_678 },
    environment: { PASSWORD: "12345678" },
    either: { pin: "12345678", type: 5 },
    nested: { token: "12345678" },
  };
  const lines = texts(Vault, value).join("\n");
  expect(lines).toContain("token: expected string, got number\n");
  expect(lines).toContain("environment.PASSWORD: expected one of the allowed values, got string.");
  expect(lines).not.toContain("12345678");
});

test("a value that the caller hides is not shown", () => {
  const issues = compileSchema(Port).check({ host_port: "s3cret" }, { hide: (at) => at[0] === "host_port" });
  expect(issues).toEqual([{ path: "host_port", message: "expected integer, got string" }]);
});

test("redact hides secrets and environment values only", () => {
  const { secrets } = compileSchema(Vault);
  const value = { token: "a", keys: { main: "b" }, environment: { A: "c" }, either: { type: "d" } };
  expect(secrets.redact(value)).toEqual({
    token: "***",
    keys: { main: "***" },
    environment: { A: "***" },
    either: { type: "d" },
  });
});
