import type { MeteredUsage } from "../usage/usage-meter.ts";
import type { Colors } from "./colors.ts";
import { size } from "./human.ts";
import { table } from "./table.ts";

/** What instances use, one line each. */
export function usageTable(usages: readonly MeteredUsage[], colors: Colors): string {
  if (usages.length === 0) return "No instance runs.";
  const rows = usages.map((usage) => [usage.instance_id, cpu(usage), memory(usage), String(usage.processes)]);
  return table(["INSTANCE", "CPU %", "MEMORY / LIMIT", "PROCESSES"], rows, colors);
}

/** One sample in a line. */
export function usageLine(usage: MeteredUsage, colors: Colors): string {
  const { at, instance_id, processes } = usage;
  const facts = [`cpu ${cpu(usage)} %`, `memory ${memory(usage)}`, `processes ${processes}`];
  return [colors.dim(at), colors.bold(instance_id), ...facts].join("  ");
}

function cpu({ cpu_percent }: MeteredUsage): string {
  return cpu_percent === null ? "-" : cpu_percent.toFixed(1);
}

function memory({ memory_bytes, memory_limit_bytes }: MeteredUsage): string {
  return `${size(memory_bytes)} / ${memory_limit_bytes === undefined ? "-" : size(memory_limit_bytes)}`;
}
