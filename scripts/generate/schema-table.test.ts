import { DurationSchema, MemorySizeSchema } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { expect, test } from "vitest";
import { fieldTable, typeText } from "./schema-table.ts";

test.each([
  ["duration", DurationSchema({ description: "How long." })],
  ["size", MemorySizeSchema({ default: "1m" })],
  ["text", Type.String()],
  ["text", Type.String({ anyOf: [{ format: "ipv4" }, { format: "ipv6" }] })],
  ["`on` or `off`", Type.Enum(["on", "off"])],
  ["`binary`", Type.Literal("binary")],
  ["whole number, 1 to 65535", Type.Integer({ minimum: 1, maximum: 65_535 })],
  ["whole number, 0 or more", Type.Integer({ minimum: 0 })],
  ["number, more than 0", Type.Number({ exclusiveMinimum: 0 })],
  ["boolean", Type.Boolean()],
  ["list of text", Type.Array(Type.String())],
  ["mapping of names to text", Type.Record(Type.String(), Type.String())],
  ["text, or number", Type.Union([Type.String(), Type.Number()])],
])("the type %s", (text, schema) => {
  expect(typeText(schema)).toBe(text);
});

test("fields of objects, lists and variants stand below their own", () => {
  const inner = Type.Object({ name: Type.String({ description: "A | B." }) });
  const schema = Type.Object({
    list: Type.Array(inner),
    either: Type.Optional(Type.Union([Type.Boolean(), inner])),
    count: Type.Optional(Type.Integer({ default: 3 })),
  });
  expect(fieldTable(schema).split("\n").slice(2)).toEqual([
    "| `list` | list of the fields below | required |  |",
    "| `list[].name` | text | required | A \\| B. |",
    "| `either` | boolean, or the fields below |  |  |",
    "| `either.name` | text | required | A \\| B. |",
    "| `count` | whole number | `3` |  |",
    "",
  ]);
});
