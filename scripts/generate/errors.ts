import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { errorCodes } from "./error-codes.ts";

const DATA = "docs/data/error-codes.yaml";

const HEAD = `# Error codes

<!-- Generated from ${DATA} and the sources by \`npm run generate\`. Do not edit. -->

Every error of Damson has a stable code: programs match on it, and a published code never changes its meaning. Messages
are for people and may change. The HTTP API answers errors as problem documents (RFC 9457, \`application/problem+json\`)
with \`status\`, \`code\`, \`detail\`, and where there is something to say \`remedy\` and \`errors\` (each fault with its place).
The command line prints code, place and remedy; with \`--json\` the same as JSON on stderr.

Plugins may add codes of their own.
`;

/** Explanations by code, by the heading of their section. */
type Explanations = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * docs/reference/errors.md: what each code means.
 *
 * @throws Error naming codes that have no explanation, and explanations of codes that nothing gives.
 */
export async function errorReference(root: string): Promise<string> {
  const explanations: Explanations = parse(await readFile(join(root, DATA), "utf8"), { uniqueKeys: true });
  return renderErrors(explanations, await errorCodes(root));
}

/** The page for these codes. */
export function renderErrors(explanations: Explanations, codes: readonly string[]): string {
  const explained = Object.values(explanations).flatMap((section) => Object.keys(section));
  const missing = codes.filter((code) => !explained.includes(code));
  const stale = explained.filter((code) => !codes.includes(code));
  const twice = explained.filter((code, index) => explained.indexOf(code) !== index);
  const faults = [
    ...missing.map((code) => `${code} is not explained`),
    ...stale.map((code) => `${code} is explained, but nothing gives it`),
    ...twice.map((code) => `${code} is explained twice`),
  ];
  if (faults.length > 0) throw new Error(`${DATA}: ${faults.join("; ")}`);
  return HEAD + Object.entries(explanations).map(section).join("");
}

function section([heading, codes]: [string, Readonly<Record<string, string>>]): string {
  const rows = Object.entries(codes).map(([code, text]) => `| \`${code}\` | ${text.trim()} |\n`);
  return `\n## ${heading}\n\n| Code | Meaning |\n|---|---|\n${rows.join("")}`;
}
