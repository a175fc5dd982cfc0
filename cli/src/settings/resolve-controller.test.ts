import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "@damson/controller";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Machine } from "./machine.ts";
import { resolveSettings } from "./resolve.ts";
import { resolveControllerSettings } from "./resolve-controller.ts";

let home: string;
let cwd: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "damson-controller-settings-"));
  cwd = join(home, "project");
  mkdirSync(cwd);
});

afterEach(() => rmSync(home, { recursive: true }));

function machine(env: Machine["env"] = {}, root = false): Machine {
  return { env, cwd, home, hostname: "box", root };
}

it("has the controller's own defaults", async () => {
  expect(await resolveControllerSettings({}, machine())).toMatchObject({
    dataDir: join(home, ".local/state/damson-controller"),
    host: "127.0.0.1",
    port: 8080,
    advertiseUrl: undefined,
    insecure: false,
    settings: DEFAULT_SETTINGS,
  });
  expect(await resolveControllerSettings({}, machine({}, true))).toMatchObject({
    dataDir: "/var/lib/damson-controller",
  });
});

it.each([
  ["CONTROLLER_ADDR", ":8080", { host: "0.0.0.0", port: 8080 }],
  ["CONTROLLER_ADDR", "0.0.0.0:9000", { host: "0.0.0.0", port: 9000 }],
  ["CONTROLLER_ADDR", "[::1]:0", { host: "::1", port: 0 }],
  ["CONTROLLER_DATA_DIR", "data", { dataDir: "data" }],
  ["CONTROLLER_CORS_ORIGINS", "https://a.example, *", { settings: { corsOrigins: ["https://a.example", "*"] } }],
  ["HEARTBEAT_TTL_SEC", "0.5", { settings: { heartbeatTtlMs: 500 } }],
  ["FAILOVER_ENABLED", "false", { settings: { failover: { enabled: false } } }],
  ["FAILOVER_MAX_LOST_PERCENT", "100", { settings: { failover: { maxLostShare: 1 } } }],
  ["FAILBACK_ENABLED", "1", { settings: { failback: { enabled: true } } }],
  ["FAILBACK_STABLE_SEC", "60", { settings: { failback: { stableMs: 60_000 } } }],
  ["FAILBACK_MAX_RATE", "3", { settings: { failback: { maxPerMinute: 3 } } }],
  ["DAMSON_MAX_UPLOAD", "512m", { settings: { maxUploadBytes: 512 * 1_024 ** 2 } }],
])("knows %s=%s", async (name, value, expected) => {
  const found = await resolveControllerSettings({}, machine({ [name]: value }));
  expect(found).toMatchObject("dataDir" in expected ? { dataDir: join(cwd, "data") } : expected);
});

it("takes host and port by flags in place of those of the address", async () => {
  const env = { CONTROLLER_ADDR: ":9000" };
  expect(await resolveControllerSettings({ port: "9001" }, machine(env))).toMatchObject({
    host: "0.0.0.0",
    port: 9001,
  });
  expect(await resolveControllerSettings({ host: "::1" }, machine(env))).toMatchObject({ host: "::1", port: 9000 });
});

it("is not mixed up with the agent's in the same environment and the same file", async () => {
  writeFileSync(join(cwd, "damson.yaml"), "port: 1001\ncontroller_addr: 127.0.0.1:1002\nwork_dir: a\ndata_dir: c\n");
  const env = { DAMSON_HOST: "127.0.0.2", AGENT_DATA_DIR: "/agent" };
  expect(await resolveControllerSettings({}, machine(env))).toMatchObject({
    host: "127.0.0.1",
    port: 1002,
    dataDir: join(cwd, "c"),
  });
  expect(await resolveSettings({}, machine({ ...env, CONTROLLER_ADDR: "nonsense" }))).toMatchObject({
    host: "127.0.0.2",
    port: 1001,
    workDir: "/agent",
  });
});

it.each([
  ["CONTROLLER_ADDR", "8080", "an address with a port, such as 127.0.0.1:8080 or :8080"],
  ["CONTROLLER_ADDR", "::1:8080", "an address with a port"],
  ["CONTROLLER_ADDR", ":65536", "an address with a port"],
  ["HEARTBEAT_TTL_SEC", "0", "seconds from 0.1 to 86400"],
  ["HEARTBEAT_TTL_SEC", "15s", "seconds from 0.1 to 86400"],
  ["FAILOVER_ENABLED", "maybe", "true or false"],
  ["FAILOVER_MAX_LOST_PERCENT", "101", "percent from 0 to 100"],
  ["FAILBACK_MAX_RATE", "1.5", "a whole number from 1 to 1000000"],
  ["DAMSON_MAX_UPLOAD", "much", "a size such as 512m or 2g"],
])("refuses %s=%s", async (name, value, expected) => {
  const settled = resolveControllerSettings({}, machine({ [name]: value }));
  const message = expect.stringContaining(`${name}: expected ${expected}`);
  await expect(settled).rejects.toMatchObject({ code: "USAGE", exitCode: 2, message });
});
