/** Way to a place in a document: property names and array indices. */
export type Segments = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The way as users write it: `pkg.ports[0].host_port`, `labels["a.b"]`; empty for the whole document. */
export function pathText(segments: Segments): string {
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (!PLAIN_KEY.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === "" ? segment : `.${segment}`;
  }
  return text;
}

/** Segments of a JSON pointer into `document`; a segment is an index where the document has an array. */
export function pointerSegments(pointer: string, document: unknown): Segments {
  const segments: (string | number)[] = [];
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    segments.push(Array.isArray(value) ? Number(key) : key);
    value = child(value, key);
  }
  return segments;
}

function child(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
