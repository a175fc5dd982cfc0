import { conformanceCases } from "@damson/plugin-sdk/testing";
import { expect, test } from "vitest";
import { dockerHarness } from "../plugins/runtime-docker/src/fixtures/harness.ts";
import { startPodman } from "./support/podman.ts";

/** Podman reads a log anew for each question, and takes long for a large one. */
const PATIENCE = { deadlineMs: 60_000, floodLines: 50_000 };

const OOM = "it does not tell an end for want of memory apart from SIGKILL";
/** What Podman 4.3 does otherwise than Docker, by the case that shows it; docs/operations.md lists them for users. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  "usage comes about once a second, and its cpu_seconds rises while the unit is busy": "usage comes each 5 s",
  "a unit that takes more memory than its limit is ended, and reported as out of memory": OOM,
  "out of memory while no agent lived is reported as such": OOM,
};

/** Cases that hold only now and then: a log that is followed while it grows fast loses lines in Podman itself. */
const UNSURE: readonly string[] = [
  "a flood is whole for a reader who follows it, but for what is owned up to as dropped",
  "a reader who takes one line and no more does not block the unit, and can read on later",
];

test("the Docker runtime keeps to the contract on Podman's socket, but for what is known", {
  timeout: 900_000,
}, async (context) => {
  const podman = await startPodman(context);
  const harness = dockerHarness(podman.host.slice("unix://".length));
  context.onTestFinished(() => harness.cleanup());
  const faults: string[] = [];
  for (const { name, theme, leftOut, run } of conformanceCases(harness, PATIENCE)) {
    if (leftOut !== undefined || UNSURE.includes(name)) continue;
    const fault = await run().then(
      () => undefined,
      (thrown: unknown) => String(thrown),
    );
    if ((fault !== undefined) !== name in DIFFERENCES)
      faults.push(`${theme}: ${name}: ${fault ?? "it is as with Docker"}`);
  }
  expect(faults).toEqual([]);
});
