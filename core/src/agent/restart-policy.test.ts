import { unknownExit } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import { isCrashLooping, restartDelayMs, shouldRestart, withDeath } from "./restart-policy.ts";

const ended = (code: number) => ({ code, signal: null, oom: false, endedAt: null });
const settings = { delayMs: 500, maxDelayMs: 60_000 };

test("always restarts whatever the end, never nothing, on-failure what did not end well", () => {
  for (const status of [ended(0), ended(1), unknownExit("?")]) {
    expect(shouldRestart("always", status)).toBe(true);
    expect(shouldRestart("never", status)).toBe(false);
  }
  expect(shouldRestart("on-failure", ended(0))).toBe(false);
  expect(shouldRestart("on-failure", ended(1))).toBe(true);
});

test("an end that nobody saw counts as a failure", () => {
  expect(shouldRestart("on-failure", unknownExit("?"))).toBe(true);
});

test("the delay doubles up to the longest one", () => {
  const delays = [1, 2, 3, 8, 9, 1_000].map((failures) => restartDelayMs(settings, failures, () => 0.5));
  expect(delays).toEqual([500, 1_000, 2_000, 60_000, 60_000, 60_000]);
});

test("the delay has 20 % of jitter either way", () => {
  expect(restartDelayMs(settings, 1, () => 0)).toBe(400);
  expect(restartDelayMs(settings, 1, () => 0.999_999)).toBe(600);
});

test("five deaths within ten minutes are a crash loop, and it ends when they are past", () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
  let deaths: readonly string[] = [];
  for (const second of [0, 60, 120, 180]) deaths = withDeath(deaths, at(second));
  expect(isCrashLooping(deaths, at(180))).toBe(false);
  deaths = withDeath(deaths, at(240));
  expect(isCrashLooping(deaths, at(240))).toBe(true);
  expect(isCrashLooping(deaths, at(599))).toBe(true);
  expect(isCrashLooping(deaths, at(601))).toBe(false);
});
