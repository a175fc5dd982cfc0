import type { StatusList } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago } from "./human.ts";
import { plain } from "./plain.ts";

/** How the agent stands with its controller, and what an operator should know of that. */
export function controllerLines(controller: NonNullable<StatusList["controller"]>, colors: Colors): string[] {
  const { url, state, reason, last_contact, queued_statuses, left, waiting } = controller;
  const word = state === "connected" ? colors.green(state) : colors.red(state);
  const facts = [
    state === "connected" ? undefined : `last heard ${last_contact === undefined ? "never" : ago(last_contact)}`,
    queued_statuses > 0 && state !== "connected" ? `${queued_statuses} statuses wait` : undefined,
    waiting ? "what is assigned and does not run waits for it" : undefined,
  ].filter((fact) => fact !== undefined);
  const lines = [`Controller ${plain(url)}: ${[word, ...facts].join(", ")}${reason ? `: ${plain(reason)}` : ""}`];
  if (left.length > 0) {
    const names = plain(left.join(", "));
    lines.push(colors.yellow(`Of another controller, and kept until you delete them: ${names}`));
  }
  return lines;
}
