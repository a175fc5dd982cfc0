import { describe, expect, test } from "vitest";
import { assignedSpec } from "../fixtures/assigned-spec.ts";
import { eventually, linkedAgent } from "./fixtures/linked-agent.ts";

const A = "d1-0000000a";
const B = "d1-0000000b";
const SERVICES = [{ name: "web", port: 3_000 }];
/** Ends are not followed by another start before the test has looked. */
const ONCE = { restart: "never", services: SERVICES } as const;

const linked = linkedAgent();
const { scripted } = linked;
const running = (): string[] => scripted.engine.running();

/** Joins with A assigned and healthy. */
async function joined(): Promise<void> {
  linked.controller.assign(assignedSpec(A, 1, ONCE));
  await linked.join();
  await eventually(() => expect(linked.controller.registered.has(A)).toBe(true));
  await eventually(() => expect(linked.controller.phases(A)).toContain("Running"));
}

describe("while the controller is away", () => {
  test("what is assigned goes on, and its end is told afterwards", async () => {
    const events: string[] = [];
    scripted.agent.events.listen(({ type }) => events.push(type));
    await joined();
    await linked.controller.close();
    await eventually(() =>
      expect(linked.link.status()).toMatchObject({ state: "connecting", reason: expect.any(String) }),
    );
    scripted.engine.exit(A, { code: 3 });
    await eventually(() => expect(linked.status(A)?.phase).toBe("exited"));
    expect(linked.link.status().queued_statuses).toBe(1);
    await linked.controller.open();
    await eventually(() => expect(linked.controller.phases(A)).toContain("Failed 3"));
    await eventually(() => expect(linked.controller.registered.has(A)).toBe(false));
    expect(linked.link.status().queued_statuses).toBe(0);
    expect(events.filter((type) => type.startsWith("controller."))).toEqual([
      "controller.connected",
      "controller.lost",
      "controller.connected",
    ]);
  });

  test("every end of an app is told, also when its state afterwards is all that is left to see", async () => {
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await eventually(() => expect(linked.controller.phases(A)).toContain("Running"));
    await linked.controller.close();
    for (const code of [1, 0, 2]) {
      const { length } = scripted.engine.starts;
      scripted.engine.exit(A, { code });
      await eventually(() => expect(scripted.engine.starts.length).toBe(length + 1));
      await eventually(() => expect(running()).toEqual([`${A} v1`]));
    }
    linked.controller.reports.splice(0);
    await linked.controller.open();
    await eventually(() => expect(linked.controller.phases(A).at(-1)).toBe("Running"));
    expect(linked.controller.phases(A).slice(0, 3)).toEqual(["Failed 1", "Exited 0", "Failed 2"]);
    expect(linked.controller.reports.at(-1)).toMatchObject({ restarts: 3 });
  });

  test("an agent that starts takes over what runs, and starts the rest after a while without the controller", async () => {
    await joined();
    linked.controller.assign(assignedSpec(A, 1, ONCE), assignedSpec(B, 1));
    await eventually(() => expect(running()).toHaveLength(2));
    await linked.leave();
    await linked.controller.close();
    await scripted.agent.detach();
    scripted.engine.exit(B, { code: 1 });
    await linked.restart({ holdMs: 400 });
    await eventually(() => expect(linked.status(A)?.phase).toBe("running"));
    await eventually(() => expect(linked.status(B)?.reason).toContain("waits until the controller"));
    expect(linked.link.status().waiting).toBe(true);
    await eventually(() => expect(running()).toHaveLength(2));
    expect(linked.link.status().waiting).toBeUndefined();
  });
});

describe("an agent that comes back", () => {
  test("ends what it lost, then begins what is new, and only then tells statuses and services", async () => {
    await joined();
    await linked.controller.close();
    await eventually(() => expect(linked.link.status().state).toBe("connecting"));
    scripted.engine.exit(A, { code: 4 });
    linked.controller.assign(assignedSpec(B, 1, { services: SERVICES }));
    linked.controller.calls.splice(0);
    linked.controller.reports.splice(0);
    await linked.controller.open();
    await eventually(() => expect(linked.controller.registered.has(B)).toBe(true));
    expect(linked.status(A)).toBeUndefined();
    expect(linked.controller.calls[0]).toBe("GET /v1/assignments");
    expect(linked.controller.phases(A)).toEqual([]);
  });

  test("starts nothing before what it lost is gone, also after a restart", async () => {
    await joined();
    linked.controller.assign(assignedSpec(A, 1, ONCE), assignedSpec(B, 1));
    await eventually(() => expect(running()).toHaveLength(2));
    await linked.leave();
    await scripted.agent.detach();
    scripted.engine.exit(B, { code: 1 });
    linked.controller.assign(assignedSpec(B, 1));
    linked.controller.calls.splice(0);
    linked.controller.reports.splice(0);
    scripted.runtime.fail.stop = new Error("not yet");
    await linked.leave();
    await linked.restart();
    scripted.runtime.fail.stop = new Error("not yet");
    await eventually(() => expect(linked.status(A)?.desired).toBe("deleted"));
    expect(linked.status(B)?.phase).toBe("pending");
    expect(linked.controller.calls).not.toContain("POST /v1/instances/status");
    delete scripted.runtime.fail.stop;
    await eventually(() => expect(running()).toEqual([`${B} v1`]));
    expect(linked.status(A)).toBeUndefined();
  });

  test("after a restart tells nothing of what it does not know yet", async () => {
    await joined();
    linked.controller.calls.splice(0);
    linked.controller.reports.splice(0);
    await linked.restart(undefined, (runtime) => {
      runtime.fail.recover = new Error("not yet");
    });
    await linked.follows();
    await eventually(() => expect(linked.status(A)?.reason).toBe("not yet"));
    delete scripted.runtime.fail.recover;
    await eventually(() => expect(linked.controller.phases(A)).toEqual(["Running"]));
    await eventually(() => expect(linked.controller.calls).toContain("POST /v1/services/register"));
    expect(linked.controller.calls).not.toContain("DELETE /v1/services");
  });

  test("under another id takes on the list of that node, whatever number it has", async () => {
    await joined();
    await linked.leave();
    await scripted.agent.detach();
    await scripted.boot(undefined, { identity: { owner: "me", nodeId: "renamed" } });
    linked.controller.revision = 0;
    linked.controller.items = [];
    await linked.join();
    await linked.follows();
    expect(linked.status(A)).toBeUndefined();
  });

  test("registers its services again", async () => {
    await joined();
    await linked.controller.close();
    await eventually(() => expect(linked.link.status().state).toBe("connecting"));
    linked.controller.registered.clear();
    await linked.controller.open();
    await eventually(() => expect(linked.controller.registered.has(A)).toBe(true));
  });
});

describe("statuses that are refused", () => {
  test("for now are sent again, with higher numbers", async () => {
    linked.controller.fail("POST /v1/instances/status", 503, "SERVER_CLOSING");
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await eventually(() => expect(running()).toHaveLength(1));
    await eventually(() => expect(linked.link.status().queued_statuses).toBe(1));
    linked.controller.faults.clear();
    await eventually(() => expect(linked.controller.phases(A).at(-1)).toBe("Running"));
  });

  test("for good are not sent for ever", async () => {
    linked.controller.fail("POST /v1/instances/status", 400, "BODY_INVALID");
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await eventually(() => expect(running()).toHaveLength(1));
    await eventually(() => expect(linked.link.status().queued_statuses).toBe(0));
    linked.controller.faults.clear();
    scripted.engine.exit(A, { code: 5 });
    await eventually(() => expect(linked.controller.phases(A)).toContain("Failed 5"));
  });
});
