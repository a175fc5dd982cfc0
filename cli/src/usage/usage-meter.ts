import type { InstanceUsage } from "@damson/client";

/** What one instance uses, with its processor time since the sample before. */
export interface MeteredUsage extends InstanceUsage {
  readonly app: string;
  /** 100 is one core; `null` for a first sample. */
  readonly cpu_percent: number | null;
}

/** Makes percents of processor times. */
export class UsageMeter {
  readonly #last = new Map<string, InstanceUsage>();

  add(app: string, usage: InstanceUsage): MeteredUsage {
    const last = this.#last.get(usage.instance_id);
    this.#last.set(usage.instance_id, usage);
    return { app, ...usage, cpu_percent: last === undefined ? null : percent(last, usage) };
  }
}

/** `null` when another run has begun meanwhile. */
function percent(last: InstanceUsage, now: InstanceUsage): number | null {
  const seconds = (Date.parse(now.at) - Date.parse(last.at)) / 1_000;
  const used = now.cpu_seconds - last.cpu_seconds;
  return seconds > 0 && used >= 0 ? Math.round((used / seconds) * 1_000) / 10 : null;
}
