import { describe, expect, test, vi } from "vitest";
import { servedAgent } from "../fixtures/served-agent.ts";

const served = servedAgent();
const PATH = "/v1/apps/shop/stats";

/** Reads a followed answer line by line; ends the connection when it is left. */
async function* lines(headers: Record<string, string> = {}): AsyncGenerator<string> {
  const left = new AbortController();
  try {
    const { body } = await served.get(`${PATH}?follow=true`, headers, left.signal);
    let rest = "";
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const all = (rest + chunk).split("\n");
      rest = all.pop() ?? "";
      yield* all;
    }
  } finally {
    left.abort();
  }
}

function instanceIds(): string[] {
  return served.scripted.status().instances.map(({ instance_id }) => instance_id);
}

test("usage without follow is that of every running instance", async () => {
  await served.runs(2);
  const answer = await served.get(PATH);
  expect(answer.headers.get("content-type")).toContain("application/json");
  const instances = instanceIds().map((instance_id) => ({ instance_id, memory_bytes: 1_024, processes: 1 }));
  expect(await answer.json()).toMatchObject({ instances });
});

describe("usage with follow", () => {
  test("is a record for each sample of each instance, until the reader leaves", async () => {
    await served.runs(2);
    const seen: string[] = [];
    for await (const line of lines()) {
      seen.push(JSON.parse(line).instance_id);
      if (seen.length === 4) break;
    }
    expect(seen.toSorted()).toEqual([...instanceIds(), ...instanceIds()].toSorted());
    const { asked } = served.exec;
    const until = performance.now() + 2_500;
    await expect.poll(() => performance.now() > until, { timeout: 5_000 }).toBe(true);
    // Those that were on their way when the reader left.
    expect(served.exec.asked - asked).toBeLessThanOrEqual(2);
  });

  test("comes as events to those who accept them", async () => {
    await served.runs();
    const seen: string[] = [];
    for await (const line of lines({ accept: "text/event-stream" })) {
      seen.push(line);
      if (line.startsWith("data:")) break;
    }
    expect(seen).toContain("event: usage");
    expect(JSON.parse(seen.at(-1)?.slice("data: ".length) ?? "")).toMatchObject({ instance_id: instanceIds()[0] });
  });

  test("uses the runtime's own stream where it has one", async () => {
    await served.runs();
    const usage = { at: "2026-01-01T00:00:00.000Z", cpu_seconds: 5, memory_bytes: 7, processes: 1 };
    Object.assign(served.exec, {
      async *watchStats() {
        yield usage;
      },
    });
    for await (const line of lines()) {
      expect(JSON.parse(line)).toEqual({ instance_id: instanceIds()[0], ...usage });
      break;
    }
    expect(served.exec.asked).toBe(0);
  });

  test("goes on with the instances that come, and ends with the app", async () => {
    await served.runs();
    const seen = new Set<string>();
    let scaled = false;
    for await (const line of lines()) {
      seen.add(JSON.parse(line).instance_id);
      if (!scaled) {
        scaled = true;
        await served.apply(2);
      }
      if (seen.size === 2) await served.scripted.agent.delete("shop");
    }
    expect(seen.size).toBe(2);
  });

  test("goes on with the next run of an instance", async () => {
    await served.runs();
    const [id = ""] = instanceIds();
    let samples = 0;
    for await (const _line of lines()) {
      samples += 1;
      if (samples === 1) served.exec.engine.exit(id, { code: 1 });
      if (samples === 2) break;
    }
    await vi.waitFor(() => expect(served.exec.engine.starts).toHaveLength(2));
  });

  test("says in the last line what went wrong", async () => {
    await served.runs();
    served.exec.statsError = new Error("torn");
    const seen: string[] = [];
    for await (const line of lines()) seen.push(line);
    expect(seen.map((line) => JSON.parse(line))).toMatchObject([
      { problem: { code: "STATS_FAILED", status: 502, detail: expect.stringContaining("torn") } },
    ]);
  });

  test("of an app that is not there is refused", async () => {
    const answer = await served.get(`${PATH}?follow=true`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "APP_NOT_FOUND" });
  });
});
