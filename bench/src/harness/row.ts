/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** What it is compared with, and what that came to; empty for an absolute figure. */
  readonly peer: string;
  /** What the limit speaks of. */
  readonly ratio: string;
  /** Empty for what is told for information only. */
  readonly limit: string;
  /** Whether the limit is met; `undefined` without a limit. */
  readonly met: boolean | undefined;
}

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, peer, ratio, limit, met }) => {
    const verdict = met === undefined ? "" : met ? "yes" : "**no**";
    return [what, measured, peer, ratio, limit, verdict];
  });
  const head = ["what", "measured", "peer", "ratio", "limit", "met"];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
