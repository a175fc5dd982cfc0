import { usageError } from "../cli-error.ts";

type Replicas = number | Record<string, number>;

/** What the controller is asked for: of the only entry, or by entry. */
export interface Scale {
  replicas?: Replicas;
  entries?: Record<string, Replicas>;
}

/**
 * Reads how many instances there are to be: `5`, `nodeA=2 nodeB=1`, and with the entry before it `api:5 worker:nodeA=2`.
 *
 * @throws CliError (exit code 2) when the words cannot be read, or say two things.
 */
export function readScale(words: readonly string[]): Scale {
  const entries = new Map<string, Replicas>();
  for (const word of words) {
    const [, entry = "", node, digits] = /^(?:([^:=]+):)?(?:([^:=]+)=)?([0-9]{1,6})$/.exec(word) ?? [];
    if (digits === undefined) {
      throw usageError(`scale: cannot read "${word}"`, "Write 5, nodeA=2, entry:5 or entry:nodeA=2.");
    }
    const before = entries.get(entry);
    if (node === undefined ? before !== undefined : typeof before === "number") {
      throw usageError(`scale: "${word}" contradicts what stands before it`);
    }
    const count = Number(digits);
    entries.set(entry, node === undefined ? count : { ...(typeof before === "object" ? before : {}), [node]: count });
  }
  const { "": whole, ...named } = Object.fromEntries(entries);
  if (whole === undefined) return { entries: named };
  if (entries.size === 1) return { replicas: whole };
  throw usageError("scale: name an entry before each number, or none");
}
