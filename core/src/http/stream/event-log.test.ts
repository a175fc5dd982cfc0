import { describe, expect, test } from "vitest";
import { EventLog } from "./event-log.ts";

function publish(log: EventLog, count: number): void {
  for (let number = 1; number <= count; number += 1) log.publish({ type: "test.done", message: String(number) });
}

const messages = (events: readonly { message?: string; type: string }[]) =>
  events.map((event) => (event.type === "events.lost" ? "lost" : event.message));

describe("EventLog", () => {
  test("gives what came after an event", () => {
    const log = new EventLog();
    publish(log, 3);
    const [first] = log.since();
    expect(messages(log.since(first?.id))).toEqual(["2", "3"]);
  });

  test("says so when what came in between is no longer known", () => {
    const log = new EventLog();
    publish(log, 1);
    const [first] = log.since();
    publish(log, 2_001);
    const events = log.since(first?.id);
    expect(messages(events.slice(0, 2))).toEqual(["lost", "2"]);
    expect(events).toHaveLength(2_001);
  });

  test.each(["other-1", "nonsense", "-", "deadbeef-99999"])("says so for an id that it never gave: %s", (id) => {
    const log = new EventLog();
    publish(log, 1);
    expect(messages(log.since(id))).toEqual(["lost", "1"]);
  });

  test("an id that lost events was told of resumes without a second loss", () => {
    const log = new EventLog();
    publish(log, 2_500);
    const [lost] = log.since("other-1");
    expect(messages(log.since(lost?.id)).slice(0, 1)).toEqual(["501"]);
  });

  test("follows without a gap between what is kept and what is new", async () => {
    const log = new EventLog();
    publish(log, 2);
    const [first] = log.since();
    const stop = new AbortController();
    const seen: (string | undefined)[] = [];
    for await (const event of log.follow(first?.id, stop.signal)) {
      seen.push(event.message);
      if (event.message === "2") log.publish({ type: "test.done", message: "3" });
      if (event.message === "3") stop.abort();
    }
    expect(seen).toEqual(["2", "3"]);
  });

  test("ends a follower that waits, when it is told to", async () => {
    const log = new EventLog();
    const stop = new AbortController();
    const next = log.follow(undefined, stop.signal).next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("tells a follower that fell behind what it lost, and keeps no more than its queue", async () => {
    const log = new EventLog();
    const stop = new AbortController();
    const follower = log.follow(undefined, stop.signal);
    const first = follower.next();
    publish(log, 6_000);
    const seen = [(await first).value];
    for (let count = 0; count < 1_000; count += 1) seen.push((await follower.next()).value);
    expect(seen.some((event) => event?.type === "events.lost")).toBe(true);
    expect(seen.at(-1)?.message).toBe("6000");
    stop.abort();
  });
});
