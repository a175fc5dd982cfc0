import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeSite, type Site } from "./fixtures/site.ts";

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly plugin?: string;
  readonly event?: { readonly type: string };
  readonly plugins?: readonly { id: string; state: string; code?: string; reason?: string }[];
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: Line[];
  /** The state of every plugin, asked for anew. */
  states(): Promise<Line["plugins"]>;
}

async function run(site: Site): Promise<Running> {
  const program = join(import.meta.dirname, "fixtures", "stray-host.ts");
  const child = spawn(process.execPath, ["--conditions=source", program, site.directory], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: Line[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toContain("started"), { timeout: 15_000 });
  const states = async () => {
    const asked = lines.length;
    child.stdin.write("state\n");
    return vi.waitFor(() => {
      const answer = lines.slice(asked).find(({ msg }) => msg === "state");
      if (!answer) throw new Error("no answer yet");
      return answer.plugins;
    });
  };
  return { child, lines, states };
}

const STOPS = `ctx.onStop(() => ctx.events.publish({ type: ctx.id + ".stopped" }));`;

test.each([
  ["rejects a second after its setup", `setTimeout(() => Promise.reject(new Error("too late")), 1000);`],
  ["throws in a timer", `setTimeout(() => { throw new Error("too late"); }, 50);`],
  [
    "throws in a callback that it did not start",
    // Called because of the host's own input, so that only the stack tells whose it is.
    `process.stdin.once("data", () => { throw new Error("too late"); });`,
  ],
])("a plugin that %s fails, with what requires it, and the host serves the others", async (_, fault) => {
  const site = await makeSite();
  const provide = `ctx.contribute.service({ id: "x:late" }, {});`;
  await site.plugin("late", { manifest: { provides: ["x:late"] }, setup: provide + STOPS + fault });
  await site.plugin("needs", { manifest: { requires: ["x:late"] }, setup: STOPS });
  await site.plugin("uses", {
    manifest: { optional: ["x:late"] },
    setup: `ctx.events.publish({ type: "uses." + typeof ctx.services.find({ id: "x:late" }) }); ${STOPS}`,
  });
  await site.plugin("other", { setup: STOPS });
  await site.yaml("plugins: [{ use: late }, { use: needs }, { use: uses }, { use: other }]");
  const { child, lines, states } = await run(site);
  await vi.waitFor(
    async () => {
      expect(await states()).toEqual([
        {
          id: "late",
          state: "failed",
          code: "PLUGIN_REJECTED_LATER",
          reason: expect.stringMatching(/plugins\.yaml:1:11 late: threw outside any call: too late$/),
        },
        expect.objectContaining({ id: "needs", state: "failed", code: "PLUGIN_DEPENDENCY_FAILED" }),
        { id: "uses", state: "ready" },
        { id: "other", state: "ready" },
      ]);
    },
    { timeout: 10_000 },
  );
  const told = lines.flatMap(({ event }) => (event ? [event.type] : []));
  expect(told.filter((type) => type === "late.stopped")).toHaveLength(1);
  expect(told.filter((type) => type.startsWith("uses"))).toEqual(["uses.object", "uses.stopped", "uses.undefined"]);
  expect(told).not.toContain("other.stopped");
  expect(child.exitCode).toBeNull();
});

test("an error that is no plugin's is logged as fatal and ends the process", async () => {
  const site = await makeSite();
  await site.yaml("plugins: []");
  const { child, lines } = await run(site);
  const exited = once(child, "exit");
  child.stdin?.write("fault\n");
  expect(await exited).toEqual([1, null]);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 60, msg: "an error that nothing handles ends this process" }),
  );
});
