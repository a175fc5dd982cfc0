import { isAppName } from "@damson/plugin-sdk";
import type { Findings } from "./findings.ts";
import type { SentEntry } from "./sent-entries.ts";

const LONGEST = 58;

/** A name for each entry: its own, else that of its app, made unique by a number. */
export function entryNames(sent: readonly SentEntry[], apps: readonly string[], findings: Findings): string[] {
  const taken = new Set<string>();
  for (const { at, entry } of sent) {
    if (entry.name === undefined) continue;
    if (!isAppName(entry.name)) findings.fault([...at, "name"], { message: `"${entry.name}" is a reserved name` });
    if (taken.has(entry.name)) {
      findings.fault([...at, "name"], {
        message: `another entry is called "${entry.name}"`,
        hint: "Give each its own.",
      });
    }
    taken.add(entry.name);
  }
  return sent.map(({ entry }, index) => {
    const name = entry.name ?? unused(nameOf(apps[index] ?? ""), taken);
    taken.add(name);
    return name;
  });
}

function unused(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** An app of a meta.ini may be called as the name of an entry cannot be. */
function nameOf(app: string): string {
  const name = app
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .slice(0, LONGEST)
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  return isAppName(name) ? name : "app";
}
