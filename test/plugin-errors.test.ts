import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApplyRequest, answer, type PluginList } from "@damson/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { damson } from "./support/damson.ts";
import { writePlugin } from "./support/plugin-site.ts";
import { freePort } from "./support/ports.ts";
import { appProcesses } from "./support/proc.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const site = temporaryDirectory();
const file = join(site, "plugins.yaml");
/** While it is not there, the plugins whose code is wrong fail. */
const healed = join(site, "healed");

const unlessHealed = (fault: string) =>
  `const { existsSync } = await import("node:fs");
  if (!existsSync(${JSON.stringify(healed)})) { ${fault} }`;

const FAULTY = `plugins:
  - use: "@damson/runtime-process"
  - use: misspelt
    config:
      sizee: 3
  - use: mistyped
    config: { size: big }
  - use: absent
  - use: modern
  - use: hen
  - use: egg
  - use: thrower
  - use: sleepy
  - use: late
`;

const SOUND = `plugins:
  - use: "@damson/runtime-process"
  - use: misspelt
    config:
      size: 3
  - use: mistyped
    config: { size: 4 }
  - use: thrower
  - use: sleepy
  - use: late
`;

/** What is wrong before any code runs, as \`damson plugin check\` prints it. */
const CHECKED = `error PLUGIN_CONFIG_INVALID plugins.yaml:5:7 misspelt.sizee: unknown property
  Did you mean "size"?
  Allowed: size, label
error PLUGIN_CONFIG_INVALID plugins.yaml:7:21 mistyped.size: expected integer, got string "big"
error PLUGIN_NOT_FOUND plugins.yaml:8:10 absent: absent is not installed; looked from (places)
  Allowed: @damson/runtime-docker, @damson/runtime-process, @damson/scheduler, egg, hen, late, misspelt, mistyped, modern, sleepy, thrower
  Install it: npm install absent
error PLUGIN_CONTRACT_UNSUPPORTED plugins.yaml:9:5 modern: built for contract 2, but this host serves 1
  Update Damson.
error PLUGIN_DEPENDENCY_CYCLE plugins.yaml:10:5 hen: plugins need each other: hen -> egg -> hen
  Remove one of them from plugins.yaml, or have one name the other no longer.
error PLUGIN_DEPENDENCY_CYCLE plugins.yaml:11:5 egg: plugins need each other: egg -> hen -> egg
  Remove one of them from plugins.yaml, or have one name the other no longer.
`;

/** State, code and reason of every plugin of the faulty file, as `GET /v1/plugins` tells them in the end. */
const TOLD: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "runtime-process": ["ready", undefined, undefined],
  misspelt: [
    "failed",
    "PLUGIN_CONFIG_INVALID",
    'plugins.yaml:5:7 misspelt.sizee: unknown property. Did you mean "size"? Allowed: size, label.',
  ],
  mistyped: ["failed", "PLUGIN_CONFIG_INVALID", 'plugins.yaml:7:21 mistyped.size: expected integer, got string "big"'],
  absent: [
    "failed",
    "PLUGIN_NOT_FOUND",
    "plugins.yaml:8:10 absent: absent is not installed; looked from (places). " +
      "Allowed: @damson/runtime-docker, @damson/runtime-process, @damson/scheduler, egg, hen, late, misspelt, mistyped, modern, sleepy, thrower.",
  ],
  modern: [
    "failed",
    "PLUGIN_CONTRACT_UNSUPPORTED",
    "plugins.yaml:9:5 modern: built for contract 2, but this host serves 1",
  ],
  hen: ["failed", "PLUGIN_DEPENDENCY_CYCLE", "plugins.yaml:10:5 hen: plugins need each other: hen -> egg -> hen"],
  egg: ["failed", "PLUGIN_DEPENDENCY_CYCLE", "plugins.yaml:11:5 egg: plugins need each other: egg -> hen -> egg"],
  thrower: ["failed", "PLUGIN_SETUP_FAILED", "plugins.yaml:12:5 thrower: setup failed: no luck today"],
  sleepy: ["failed", "PLUGIN_SETUP_TIMEOUT", "plugins.yaml:13:5 sleepy: setup has not finished within 10 s"],
  late: ["failed", "PLUGIN_REJECTED_LATER", "plugins.yaml:14:5 late: threw outside any call: too late"],
};

/** Text without what differs from one machine to the next. */
function plain(text: string): string {
  return text.replaceAll(`${site}/`, "").replaceAll(/looked from [^.\n]*?(?=\n|\. )/g, "looked from (places)");
}

beforeAll(() => {
  const config = { size: { type: "integer" }, label: { type: "string" } };
  writePlugin(site, "misspelt", { config });
  writePlugin(site, "mistyped", { config });
  writePlugin(site, "modern", { manifest: { contract: 2 } });
  writePlugin(site, "hen", { manifest: { provides: ["x:egg"], requires: ["x:hen"] } });
  writePlugin(site, "egg", { manifest: { provides: ["x:hen"], requires: ["x:egg"] } });
  writePlugin(site, "thrower", { setup: unlessHealed(`throw new Error("no luck today");`) });
  writePlugin(site, "sleepy", { setup: unlessHealed("await new Promise(() => undefined);") });
  const reject = `setTimeout(() => Promise.reject(new Error("too late")), 1_000);`;
  writePlugin(site, "late", { setup: unlessHealed(reject) });
  writeFileSync(file, FAULTY);
});

afterAll(() => rmSync(site, { recursive: true, force: true }));

describe("damson plugin check", () => {
  test("tells every fault that shows without running code, and exits with 1", async () => {
    const { code, stdout, stderr } = await damson(["plugin", "check", "--config", file, "--no-color"], site);
    expect(plain(stderr)).toBe(CHECKED);
    expect(stdout).toMatch(/^thrower +configured/m);
    expect(code).toBe(1);
  });

  test("exits with 0 when nothing is wrong", async () => {
    const sound = join(site, "sound.yaml");
    writeFileSync(sound, SOUND);
    const { code, stderr } = await damson(["plugin", "check", "--config", sound, "--no-color"], site);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("an agent with faulty plugins", () => {
  let agent: TestAgent;
  let pid: number | undefined;

  beforeAll(async () => {
    agent = await startAgent({ plugins: file });
  });
  afterAll(() => agent?.cleanUp());

  const list = async (): Promise<PluginList["plugins"]> => (await answer(agent.client.api.GET("/v1/plugins"))).plugins;
  const stateOf = async (id: string) => (await list()).find((plugin) => plugin.id === id)?.state;
  const reload = async (): Promise<unknown> => answer(agent.client.api.POST("/v1/plugins/reload"));
  const apply = async (app: string) => {
    const body: ApplyRequest = { app, version: "v1", pkg: { type: "binary", command: ["/bin/sleep", "86400"] } };
    return answer(agent.client.api.POST("/v1/apply", { body, params: { query: { wait: "running" } } }));
  };
  const expectAppUntouched = async () => {
    await until("the app is adopted and runs", async () => {
      const { apps } = await agent.status();
      return apps.find(({ app }) => app === "sleeper")?.phase === "running";
    });
    const { apps } = await agent.status();
    expect(apps).toMatchObject([{ app: "sleeper", restarts: 0, instances: [{ pid, run: 1 }] }]);
    expect(appProcesses(agent.owner)).toMatchObject([{ pid, run: 1 }]);
  };

  test("serves apps while a plugin hangs", async () => {
    agent.showOnFailure();
    await apply("sleeper");
    pid = appProcesses(agent.owner)[0]?.pid;
    expect(pid).toBeTypeOf("number");
    await expectAppUntouched();
    expect(await stateOf("sleepy")).toBe("imported");
  });

  test("tells what is wrong with each of them", async () => {
    agent.showOnFailure();
    await until("every plugin is ready or has failed", async () => {
      const states = (await list()).map(({ state }) => state);
      return states.length > 0 && states.every((state) => state === "ready" || state === "failed");
    });
    await until("the plugin that rejects late has failed", async () => (await stateOf("late")) === "failed");
    const told = (await list()).map(({ id, state, code, reason }) => [
      id,
      [state, code, reason === undefined ? undefined : plain(reason)],
    ]);
    expect(Object.fromEntries(told)).toEqual(TOLD);
    for (const [, code] of Object.values(TOLD)) if (code) expect(agent.output).toContain(`"code":"${code}"`);
    await expectAppUntouched();
  });

  test("refuses to reload a faulty file, and changes nothing", async () => {
    agent.showOnFailure();
    const before = await list();
    await expect(reload()).rejects.toMatchObject({
      problem: { status: 422, code: "PLUGINS_INVALID", errors: expect.any(Array), remedy: expect.any(String) },
    });
    expect(await list()).toEqual(before);
    const { code, stderr } = await damson(["plugin", "reload", "--agent", agent.url, "--no-color"], site);
    expect(plain(stderr)).toContain(
      "error PLUGINS_INVALID plugins.yaml:5:7 misspelt.sizee: PLUGIN_CONFIG_INVALID: unknown property",
    );
    expect(code).toBe(1);
  });

  test("heals by POST /v1/plugins/reload once the file is right, and by SIGHUP once the rest is", async () => {
    agent.showOnFailure();
    const half = SOUND.replace(/ {2}- use: (thrower|sleepy|late)\n/g, "").concat("  - use: thrower\n");
    writeFileSync(file, half);
    expect(await reload()).toMatchObject({
      started: ["misspelt", "mistyped"],
      unchanged: ["runtime-process"],
      restarted: [],
      failed: ["thrower"],
    });
    await expectAppUntouched();

    writeFileSync(healed, "");
    writeFileSync(file, SOUND);
    process.kill(agent.pid, "SIGHUP");
    await until("all plugins are ready", async () => {
      const states = (await list()).map(({ state }) => state);
      return states.length === 6 && states.every((state) => state === "ready");
    });
    await expectAppUntouched();
  });

  test("keeps an app's process while its runtime's plugin restarts", async () => {
    agent.showOnFailure();
    writeFileSync(file, SOUND.replace('process"\n', 'process"\n    config: { logs: { max_files: 3 } }\n'));
    expect(await reload()).toMatchObject({ restarted: ["runtime-process"], failed: [] });
    await expectAppUntouched();
    await apply("second");
    expect(appProcesses(agent.owner)).toHaveLength(2);
    const path = { app: "second" };
    await answer(agent.client.api.DELETE("/v1/apps/{app}", { params: { path, query: { wait: true } } }));
    await expectAppUntouched();
  });
});

test.for<[what: string, yaml: string, text: string]>([
  [
    "has a wrong config",
    `  - use: misspelt\n    required: true\n    config: { sizee: 3 }\n`,
    `error PLUGIN_CONFIG_INVALID plugins.yaml:4:15 misspelt.sizee: unknown property`,
  ],
  [
    "throws in setup",
    "  - use: thrower\n    required: true\n",
    "error PLUGIN_SETUP_FAILED plugins.yaml:2:5 thrower: setup failed: no luck today",
  ],
  [
    "is not installed",
    "  - use: absent\n    required: true\n",
    "error PLUGIN_NOT_FOUND plugins.yaml:2:10 absent: absent is not installed; looked from (places)",
  ],
])("an agent refuses to start without a required plugin that %s", async ([, yaml, text]) => {
  rmSync(healed, { force: true });
  const workDir = temporaryDirectory();
  writeFileSync(file, `plugins:\n${yaml}`);
  const words = ["--work-dir", workDir, "--port", String(await freePort()), "--config", file];
  try {
    const agent = new ServerProcess("agent", words, {}, workDir);
    expect(await agent.ended).toEqual({ code: 1, signal: null });
    expect(plain(agent.output)).toContain(text);
    expect(agent.output).not.toMatch(/\n\s+at /);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
});
