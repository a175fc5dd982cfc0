import { Command } from "commander";

/** A command of `damson`, in its group of the help. `summary` is a phrase without a full stop. */
export function command(name: string, group: "Apps" | "Agent" | "Cluster" | "Other", summary: string): Command {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return new Command(name).helpGroup(`${group}:`).summary(summary).description(sentence);
}
