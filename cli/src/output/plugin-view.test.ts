import picocolors from "picocolors";
import { expect, it } from "vitest";
import { pluginNotes, pluginTable } from "./plugin-view.ts";

const colors = picocolors.createColors(false);

const DOCKER = {
  id: "runtime-docker",
  state: "degraded",
  provides: ["runtime:docker"],
  reason: "the container engine does not run",
  remedy: "Start it, for example with `systemctl start docker`.",
};
const PROCESS = { id: "runtime-process", state: "ready", version: "0.1.0", provides: ["runtime:process"] };

it("shows a plugin whose runtime cannot be used as degraded, with the reason", () => {
  expect(pluginTable([PROCESS, DOCKER], colors).split("\n")).toEqual([
    "PLUGIN           STATE     VERSION  PROVIDES         REASON",
    "runtime-process  ready     0.1.0    runtime:process",
    "runtime-docker   degraded  -        runtime:docker   the container engine does not run",
  ]);
});

it("says what can be done about it, and what works only in part", () => {
  const runtimes = [
    { name: "docker", usable: false, reason: DOCKER.reason, remedy: DOCKER.remedy },
    { name: "process", usable: true, reason: "limits cannot be set", remedy: "Run the agent as root." },
  ];
  expect(pluginNotes([PROCESS, DOCKER], runtimes)).toEqual([
    "runtime-docker: Start it, for example with `systemctl start docker`.",
    "runtime process: limits cannot be set. Run the agent as root.",
  ]);
});
