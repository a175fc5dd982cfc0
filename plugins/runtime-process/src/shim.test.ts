import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasProgram, isRoot, itNeeds } from "./fixtures/machine.ts";
import { bootId, isAlive } from "./process/identity.ts";
import { type RunRecord, readRecord } from "./run/record.ts";

const SHIM = fileURLToPath(new URL("./shim.sh", import.meta.url));
const SHELLS: readonly (readonly string[])[] = [["dash"], ["bash", "--posix"], ["busybox", "sh"]];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "damson-shim-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function start(shell: readonly string[], command: readonly string[], env: Record<string, string> = {}) {
  const [program = "sh", ...options] = shell;
  const at = (name: string) => join(directory, name);
  const facts = [at("record"), bootId(), "1700000000000", at("out"), at("err"), "-", "0"];
  const shim = spawn(program, [...options, SHIM, ...facts, ...command], {
    stdio: "ignore",
    detached: true,
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  return { shim, ended: once(shim, "exit") };
}

async function run(shell: readonly string[], command: readonly string[], env?: Record<string, string>) {
  await start(shell, command, env).ended;
  return record();
}

function record(): RunRecord {
  const found = readRecord(join(directory, "record"));
  if (typeof found === "string") throw new Error(`the record is ${found}`);
  return found;
}

const out = () => readFileSync(join(directory, "out"), "utf8");

async function running(): Promise<RunRecord> {
  await vi.waitFor(() => expect(record().state).toBe("running"), 5_000);
  return record();
}

for (const shell of SHELLS) {
  const name = shell.join(" ");
  const test = (title: string, body: () => Promise<void>) => itNeeds(hasProgram(shell[0] ?? ""), name, title, body);

  describe(`the shim run by ${name}`, () => {
    test("records the exit code and who ran", async () => {
      const ended = await run(shell, ["sh", "-c", "exit 7"]);
      expect(ended).toMatchObject({
        state: "exited",
        code: 7,
        bootId: bootId(),
        startedAt: new Date(1_700_000_000_000),
      });
      expect(ended.shim?.pid).not.toBe(ended.app?.pid);
      expect(ended.app?.start).toBeGreaterThan(0);
      expect(statSync(join(directory, "record")).size).toBe(128);
    });

    test("records a death by signal as 128 + n", async () => {
      expect(await run(shell, ["sh", "-c", "kill -9 $$"])).toMatchObject({ state: "exited", code: 137 });
      rmSync(join(directory, "record"));
      expect(await run(shell, ["sh", "-c", "kill -INT $$"])).toMatchObject({ state: "exited", code: 130 });
    });

    test("records what a command that is not there comes to", async () => {
      expect(await run(shell, [join(directory, "nothing")])).toMatchObject({ state: "exited", code: 127 });
    });

    test("names the app by its true pid and start time while it runs", async () => {
      const { shim, ended } = start(shell, ["sh", "-c", "echo $$; exec sleep 100"]);
      const { app, shim: itself } = await running();
      await vi.waitFor(() => expect(out()).toBe(`${app?.pid}\n`), 5_000);
      expect(app && isAlive(app)).toBe(true);
      expect(itself?.pid).toBe(shim.pid);
      expect(itself && isAlive(itself)).toBe(true);
      process.kill(app?.pid ?? 0, "SIGKILL");
      await ended;
    });

    test("survives the signals that others send it, and still tells the end", async () => {
      const { shim, ended } = start(shell, ["sh", "-c", "sleep 100"]);
      const { app } = await running();
      for (const signal of ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1"] as const) shim.kill(signal);
      process.kill(app?.pid ?? 0, "SIGTERM");
      await ended;
      expect(record()).toMatchObject({ state: "exited", code: 143 });
    });

    test("starts the app with default signals, no input, its own umask, and its environment to the letter", async () => {
      const script = 'grep SigIgn /proc/self/status; umask; cat; echo "$record|$code|$damson"';
      await run(shell, ["sh", "-c", script], { record: "a", code: "b  c", damson: "$d" });
      expect(out()).toBe("SigIgn:\t0000000000000000\n0022\na|b  c|$d\n");
    });

    test("passes arguments on as they are", async () => {
      await run(shell, ["printf", "<%s>", "a b", "", "$HOME", "*", "-n", 'q"q', "é\n"]);
      expect(out()).toBe('<a b><><$HOME><*><-n><q"q><é\n>');
    });

    test("starts nothing when the run is claimed already, and leaves the record as it is", async () => {
      writeFileSync(join(directory, "record"), "another's");
      const [code] = await start(shell, ["touch", join(directory, "ran")]).ended;
      expect(code).toBe(75);
      expect(existsSync(join(directory, "ran"))).toBe(false);
      expect(readFileSync(join(directory, "record"), "utf8")).toBe("another's");
    });

    test("starts nothing when the output cannot be written", async () => {
      const [program = "sh", ...options] = shell;
      const facts = [join(directory, "record"), bootId(), "1", "/nowhere/out", "/nowhere/err", "-", "0"];
      const shim = spawn(program, [...options, SHIM, ...facts, "touch", join(directory, "ran")], { stdio: "ignore" });
      await once(shim, "exit");
      expect(record()).toMatchObject({ state: "failed", app: undefined });
      expect(existsSync(join(directory, "ran"))).toBe(false);
    });

    test("appends to what earlier runs have written", async () => {
      writeFileSync(join(directory, "out"), "before\n");
      await run(shell, ["sh", "-c", "echo after"]);
      expect(out()).toBe("before\nafter\n");
    });
  });
}

describe("the shim on a full disk", () => {
  itNeeds(isRoot, "root, for a tmpfs", "still records how the app ended", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
    try {
      const { ended } = start(["sh"], ["sh", "-c", "while :; do echo filling the disk; done & wait; exit 9"]);
      const { app } = await running();
      await vi.waitFor(
        () => expect(() => writeFileSync(join(directory, "more"), Buffer.alloc(4_096))).toThrow(/ENOSPC/),
        9_000,
      );
      process.kill(-(record().shim?.pid ?? 0), "SIGTERM");
      await ended;
      expect(app).toBeDefined();
      expect(record()).toMatchObject({ state: "exited", code: 143 });
    } finally {
      execFileSync("umount", [directory]);
    }
  });

  itNeeds(isRoot, "root, for a tmpfs", "starts nothing when even the record finds no room", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", directory]);
    try {
      expect(() => writeFileSync(join(directory, "fill"), Buffer.alloc(65_536))).toThrow(/ENOSPC/);
      const ran = join(tmpdir(), `damson-ran-${process.pid}`);
      const [code] = await start(["sh"], ["touch", ran]).ended;
      expect(code).toBe(75);
      expect(existsSync(ran)).toBe(false);
      expect(readRecord(join(directory, "record"))).not.toMatchObject({ state: "running" });
    } finally {
      execFileSync("umount", [directory]);
    }
  });
});

it("is POSIX sh, and takes little memory", async () => {
  execFileSync("sh", ["-n", SHIM]);
  const { ended } = start(["sh"], ["sleep", "100"]);
  const { shim, app } = await running();
  const pss = /^Pss:\s+([0-9]+) kB/m.exec(readFileSync(`/proc/${shim?.pid}/smaps_rollup`, "utf8"))?.[1];
  expect(Number(pss)).toBeLessThan(1_024);
  process.kill(app?.pid ?? 0, "SIGKILL");
  await ended;
});
