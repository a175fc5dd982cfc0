import { expect, test } from "vitest";
import { ScriptedEngine, ScriptedRuntime } from "./fixtures/scripted-runtime.ts";
import { Runtimes } from "./runtimes.ts";

const engine = new ScriptedEngine();

function loaded(mode: string | undefined, awaited: boolean, ...served: [name: string, types: string[]][]): Runtimes {
  const runtimes = new Runtimes(mode === undefined ? undefined : { name: mode, isAwaited: () => awaited });
  for (const [name, types] of served) runtimes.add(new ScriptedRuntime(engine, name, types));
  return runtimes;
}

const PROCESS: [string, string[]] = ["process", ["binary", "artifact"]];
const DOCKER: [string, string[]] = ["docker", ["docker", "artifact"]];

test.each<[string, string | undefined, string | undefined, [string, string[]][], string | undefined]>([
  ["the run mode wins", "docker", "process", [PROCESS, DOCKER], "docker"],
  ["whatever was loaded first", "process", undefined, [DOCKER, PROCESS], "process"],
  [
    "where it does not serve the type: what served before",
    "other",
    "docker",
    [PROCESS, DOCKER, ["other", []]],
    "docker",
  ],
  ["else the first", "other", undefined, [PROCESS, DOCKER, ["other", []]], "process"],
  ["without a run mode: the first", undefined, undefined, [DOCKER, PROCESS], "docker"],
  [
    "a run mode that is not loaded, and not awaited, counts for nothing",
    "k8s",
    undefined,
    [PROCESS, DOCKER],
    "process",
  ],
  ["nothing serves it", "process", undefined, [["other", []]], undefined],
])("%s", (_, mode, earlier, served, expected) => {
  expect(loaded(mode, false, ...served).select("artifact", earlier)?.name).toBe(expected);
});

test("while the runtime of the run mode is awaited, only what ran before runs", () => {
  const runtimes = loaded("docker", true, PROCESS);
  expect(runtimes.awaited).toBe("docker");
  expect(runtimes.select("artifact")).toBeUndefined();
  expect(runtimes.select("artifact", "process")?.name).toBe("process");
  expect(() => runtimes.check({ type: "artifact" })).toThrow(expect.objectContaining({ code: "RUN_MODE_NOT_LOADED" }));
  expect(runtimes.check({ type: "artifact" }, "process").name).toBe("process");
  runtimes.add(new ScriptedRuntime(engine, ...DOCKER));
  expect(runtimes.awaited).toBeUndefined();
  expect(runtimes.select("artifact", "process")?.name).toBe("docker");
  expect(runtimes.select("binary")?.name).toBe("process");
});

test("types that nothing serves are refused with those that something does", () => {
  expect(() => loaded("process", true, PROCESS, DOCKER).check({ type: "dokcer" })).toThrow(
    expect.objectContaining({
      code: "PACKAGE_TYPE_UNKNOWN",
      issues: [expect.objectContaining({ allowed: ["artifact", "binary", "docker"], hint: 'Did you mean "docker"?' })],
    }),
  );
});
