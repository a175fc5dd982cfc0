import { readFileSync } from "node:fs";
import { answer } from "@damson/client";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { objections } from "./fuzz/acceptable.ts";
import { bodies, containerBodies } from "./fuzz/bodies.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import { runProcesses } from "./support/proc.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const RUNS = 5_000;
const CONTAINER_RUNS = 1_500;
const WARM_UP = 500;
/** With so little room for its heap, an agent that keeps 20 kB of each body ends before the last one. */
const HEAP_MB = 96;
const MOST_GROWTH_MB = 128;

let agent: TestAgent;
const seed = Number(process.env.DAMSON_FUZZ_SEED ?? Date.now() % 2 ** 31);

beforeAll(async () => {
  agent = await startAgent({ environment: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } });
});

afterAll(() => agent?.cleanUp());

test(`${RUNS} generated bodies at /v1/apply are accepted, or refused with a problem document`, async () => {
  agent.showOnFailure();
  process.stderr.write(`fuzz: DAMSON_FUZZ_SEED=${seed}\n`);
  const counts = new Map<string, number>();
  const { pid } = agent;
  let begin = 0;
  let done = 0;
  const property = fc.asyncProperty(bodies, async (body) => {
    const outcome = await apply(agent, body);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    done += 1;
    if (done === WARM_UP) begin = memoryMb(pid);
  });
  await fc.assert(property, { seed, numRuns: RUNS, endOnFailure: true });

  const end = memoryMb(pid);
  process.stderr.write(`fuzz: ${JSON.stringify(Object.fromEntries(counts))}\nfuzz: RSS ${begin} MB, then ${end} MB\n`);
  expect(end - begin).toBeLessThan(MOST_GROWTH_MB);
  // Else the generator has stopped to reach what it is for.
  expect(counts.get("accepted")).toBeGreaterThan(RUNS / 50);
  for (const code of ["JSON_INVALID", "BODY_INVALID", "PACKAGE_INVALID", "SPEC_INVALID", "JSON_TOO_DEEP"]) {
    expect(counts.get(code), code).toBeGreaterThan(0);
  }
  expect(agent.pid).toBe(pid);
  expect(agent.running).toBe(true);
  expect(await agent.status()).toEqual({ apps: [], damaged: [] });
  expect(runProcesses(agent.owner)).toEqual([]);
}, 600_000);

test.for(["with", "without"])(
  `${CONTAINER_RUNS} generated packages of containers %s an engine are accepted or refused`,
  {
    timeout: 600_000,
  },
  async (how, context) => {
    const engine = how === "with" ? await sharedEngine(context) : undefined;
    const environment = { DOCKER_HOST: engine?.host ?? "unix:///nowhere/docker.sock", AGENT_RUN_MODE: "docker" };
    const other = await startAgent({ environment });
    context.onTestFinished(() => other.cleanUp(), 60_000);
    other.showOnFailure();
    await until("the engine is known, or known to be absent", async () => {
      const { plugins } = await answer(other.client.api.GET("/v1/plugins"));
      return plugins.some(({ id, state }) => id === "runtime-docker" && state === (engine ? "ready" : "degraded"));
    });
    process.stderr.write(`fuzz of containers: DAMSON_FUZZ_SEED=${seed}\n`);
    const counts = new Map<string, number>();
    const property = fc.asyncProperty(containerBodies, async (body) => {
      const outcome = await apply(other, body);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    });
    await fc.assert(property, { seed, numRuns: CONTAINER_RUNS, endOnFailure: true });
    process.stderr.write(`fuzz of containers: ${JSON.stringify(Object.fromEntries(counts))}\n`);
    for (const outcome of ["accepted", "BODY_INVALID", "PACKAGE_INVALID", ...(engine ? ["IMAGE_MISSING"] : [])]) {
      expect(counts.get(outcome), outcome).toBeGreaterThan(0);
    }
    expect(await other.status()).toEqual({ apps: [], damaged: [] });
    if (engine) expect(await engine.containers(`damson.owner=${other.owner}`)).toEqual([]);
  },
);

/** Applies, and deletes again what was accepted. @returns the code of the refusal, else `accepted` */
async function apply(agent: TestAgent, body: Buffer): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${agent.url}/v1/apply`, { method: "POST", headers, body });
  const text = await response.text();
  if (response.status === 200) {
    expect(objections(body.toString())).toEqual([]);
    const { app, version } = JSON.parse(text);
    const path = { app };
    const deleted = await answer(
      agent.client.api.DELETE("/v1/apps/{app}", { params: { path, query: { wait: true } } }),
    );
    expect(deleted).toMatchObject({ app, version });
    return "accepted";
  }
  expect(response.status, text).toBeGreaterThanOrEqual(400);
  expect(response.status, text).toBeLessThan(500);
  expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ status: response.status, detail: expect.stringMatching(/\S/) });
  expect(problem.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
  expect(text).not.toMatch(/node_modules|file:\/\/|\.ts:\d+/);
  return problem.code;
}

function memoryMb(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}
