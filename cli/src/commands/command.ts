import { Command } from "commander";

/** A command of `damson`, in its group of the help. */
export function command(name: string, group: "Apps" | "Agent" | "Other", summary: string): Command {
  return new Command(name).helpGroup(`${group}:`).summary(summary).description(summary);
}
