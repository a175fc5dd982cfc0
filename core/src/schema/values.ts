// Long enough to recognise a value by, short enough for one line.
const LONGEST = 60;

/** A value as it is named in messages: `number 5`, `string "abc"`, `array`; the type alone when it is `hidden`. */
export function shownValue(value: unknown, hidden: boolean): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (hidden || typeof value === "object" || value === undefined) return typeof value;
  const text = typeof value === "string" ? JSON.stringify(shortened(value)) : String(value);
  return `${typeof value} ${text}`;
}

/** The names that JSON Schema has for the type of `value`. */
export function schemaTypes(value: unknown): readonly string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (Number.isInteger(value)) return ["integer", "number"];
  return [typeof value];
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
