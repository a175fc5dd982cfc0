import type { ErrorPlace, Issue } from "@damson/plugin-sdk";
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import { type Fault, pathText, type Segments } from "../schema/index.ts";

/** A YAML or JSON text that knows where each of its values stands. */
export interface SourceText {
  readonly value: unknown;
  /** What makes it no YAML at all; `value` is then of no use. */
  readonly syntax: readonly Issue[];
  /** Where the value, or the name of the property, stands; for what is absent, where it would belong. */
  place(segments: Segments, at?: Fault["at"]): ErrorPlace;
}

/** Reads YAML, of which JSON is a part. `file` is the name that the user knows it by. */
export function readSource(text: string, file: string): SourceText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): ErrorPlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const syntax: Issue[] = document.errors.map(({ pos, message }) => ({ ...placeOf(pos[0]), message }));
  let value: unknown;
  try {
    if (syntax.length === 0) value = document.toJS();
  } catch (error) {
    // Aliases that expand without end.
    syntax.push({ file, message: error instanceof Error ? error.message : String(error) });
  }
  return {
    value,
    syntax,
    place(segments, at = "value") {
      const offset = offsetOf(document.contents, segments, at);
      return offset === undefined ? { file } : placeOf(offset);
    },
  };
}

/** The issue of a fault, placed in the text; `under` leads from the text's root to the checked value. */
export function placed(source: SourceText, { segments, at, issue }: Fault, under: Segments = []): Issue {
  const way = [...under, ...segments];
  return { ...issue, ...source.place(way, at), path: pathText(way) };
}

function offsetOf(root: Node | null, segments: Segments, at: Fault["at"]): number | undefined {
  let node: unknown = root;
  let offset = start(root);
  for (const [index, segment] of segments.entries()) {
    if (isSeq(node) && typeof segment === "number") {
      node = node.items[segment];
      offset = start(node) ?? offset;
      continue;
    }
    const pair = isMap(node) ? node.items.find((each) => keyOf(each) === segment) : undefined;
    if (!pair) return offset;
    const key = start(pair.key);
    const isLast = index === segments.length - 1;
    node = pair.value;
    // A block's own start says less than the line that names it.
    offset = (isLast && at === "value" && isLeaf(node) ? start(node) : undefined) ?? key ?? offset;
  }
  return offset;
}

function isLeaf(node: unknown): boolean {
  return isScalar(node) || isAlias(node);
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? (node.range?.[0] ?? undefined) : undefined;
}
