import { setTimeout as pause } from "node:timers/promises";
import { type AgentClient, answer, ProblemError } from "@damson/client";
import { type MeteredUsage, UsageMeter } from "./usage-meter.ts";

/** Time between the two samples whose difference is the use of the processor. */
const APART_MS = 1_000;
/** Apps that are asked at once. */
const AT_ONCE = 16;

/** What the instances of one app, or of all, use just now. Takes a second. */
export async function sampleUsage(client: AgentClient, app: string | undefined): Promise<MeteredUsage[]> {
  const meter = new UsageMeter();
  await sample(client, app, meter);
  await pause(APART_MS);
  return sample(client, app, meter);
}

async function sample(client: AgentClient, app: string | undefined, meter: UsageMeter): Promise<MeteredUsage[]> {
  if (app !== undefined) return ofApp(client, app, meter);
  const { apps } = await answer(client.api.GET("/v1/status"));
  const all: MeteredUsage[] = [];
  for (let at = 0; at < apps.length; at += AT_ONCE) {
    const some = apps.slice(at, at + AT_ONCE).map(({ app: name }) => ofApp(client, name, meter).catch(unlessGone));
    all.push(...(await Promise.all(some)).flat());
  }
  return all;
}

async function ofApp(client: AgentClient, app: string, meter: UsageMeter): Promise<MeteredUsage[]> {
  const { instances } = await answer(client.api.GET("/v1/apps/{app}/stats", { params: { path: { app } } }));
  return instances.map((usage) => meter.add(app, usage));
}

/** It may be deleted between two questions. */
function unlessGone(thrown: unknown): MeteredUsage[] {
  if (thrown instanceof ProblemError && thrown.problem.code === "APP_NOT_FOUND") return [];
  throw thrown;
}
