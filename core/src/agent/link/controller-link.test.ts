import { describe, expect, test } from "vitest";
import { assertOwn } from "../api/own-apps.ts";
import { assignedSpec } from "../fixtures/assigned-spec.ts";
import { spec } from "../fixtures/scripted-agent.ts";
import { ScriptedRuntime } from "../fixtures/scripted-runtime.ts";
import { eventually, linkedAgent } from "./fixtures/linked-agent.ts";

const A = "d1-0000000a";
const B = "d1-0000000b";
const SERVICES = [{ name: "web", port: 3_000, version: "v1" }];

const linked = linkedAgent();
const { scripted } = linked;
const running = (): string[] => scripted.engine.running();

describe("a list", () => {
  test("is brought about, and what became of it is told", async () => {
    const { controller } = linked;
    controller.assign(assignedSpec(A, 3, { services: SERVICES }));
    await linked.join({ labels: { zone: "a" } });
    await eventually(() => expect(controller.registered.get(A)).toBeDefined());
    expect(running()).toEqual([`${A} v1`]);
    expect(controller.registered.get(A)).toEqual({
      instanceId: A,
      nodeId: "node",
      ip: "10.0.0.1",
      endpoints: [{ serviceName: "web", port: 3_000, protocol: "http", version: "v1" }],
    });
    await eventually(() =>
      expect(controller.reports.at(-1)).toMatchObject({
        instanceId: A,
        phase: "Running",
        healthy: true,
        detail: "running",
        specVersion: 3,
        restarts: 0,
        crashLooping: false,
      }),
    );
    const seqs = controller.reports.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    await eventually(() =>
      expect(controller.facts()).toMatchObject({
        ip: "10.0.0.1",
        labels: { zone: "a" },
        version: "1.2.3",
        url: "http://127.0.0.1:8081",
        runtimes: [
          { name: "scripted", usable: true, packageTypes: { scripted: expect.stringMatching(/^[0-9a-f]{64}$/) } },
        ],
        seen: { controllerId: "store-1", revision: 2, instances: [A] },
      }),
    );
    expect(linked.link.status()).toMatchObject({ state: "connected", controller_id: "store-1", revision: 2, left: [] });
  });

  test("that has changed is fetched when the stream says so, long before the next heartbeat", async () => {
    linked.controller.ttlSec = 600;
    await linked.join();
    await linked.follows();
    await eventually(() => expect(linked.controller.calls).toContain("GET /v1/assignments"));
    linked.controller.assign(assignedSpec(A, 1));
    await eventually(() => expect(running()).toEqual([`${A} v1`]));
  });

  test("that has changed is fetched after the next heartbeat where there is no stream", async () => {
    linked.controller.fail("GET /v1/stream", 404, "NOT_FOUND");
    await linked.join();
    await linked.follows();
    linked.controller.assign(assignedSpec(A, 1));
    await eventually(() => expect(running()).toEqual([`${A} v1`]));
  });

  test("says what is to be there and not to run", async () => {
    const stopped = { instanceId: A, desired: "Stopped", specVersion: 1, apply: assignedSpec(A, 1) } as const;
    linked.controller.assign(stopped);
    await linked.join();
    await eventually(() => expect(linked.controller.phases(A)).toContain("Stopped"));
    linked.controller.assign(assignedSpec(A, 1));
    await eventually(() => expect(running()).toEqual([`${A} v1`]));
    linked.controller.assign(stopped);
    await eventually(() => expect(running()).toEqual([]));
    expect(scripted.engine.starts).toHaveLength(1);
  });

  test("ends what it does not hold before it begins what is new, and leaves local apps alone", async () => {
    await scripted.agent.apply(spec("v1"));
    linked.controller.assign(assignedSpec(A, 1, { services: SERVICES }));
    await linked.join();
    await eventually(() => expect(linked.controller.registered.has(A)).toBe(true));
    scripted.runtime.fail.stop = new Error("not yet");
    linked.controller.assign(assignedSpec(B, 1));
    await eventually(() => expect(linked.status(A)).toMatchObject({ desired: "deleted", reason: "not yet" }));
    expect(linked.status(B)).toBeUndefined();
    await eventually(() => expect(linked.controller.facts().seen).toMatchObject({ revision: 2, instances: [A] }));
    delete scripted.runtime.fail.stop;
    await eventually(() => expect(linked.status(B)?.phase).toBe("running"));
    expect(linked.status(A)).toBeUndefined();
    expect(linked.status("shop")?.phase).toBe("running");
    await eventually(() => expect(linked.controller.registered.has(A)).toBe(false));
    await eventually(() => expect(linked.controller.facts().seen).toMatchObject({ revision: 3, instances: [B] }));
  });

  test("is brought about again where somebody has undone it, and where what was missing is there", async () => {
    linked.controller.assign(assignedSpec(A, 1), assignedSpec(B, 1, { pkg: { type: "other" } }));
    await linked.join({ againMs: 100 });
    await linked.follows();
    await scripted.agent.stop(A);
    await eventually(() => expect(running()).toEqual([]));
    await eventually(() => expect(running()).toEqual([`${A} v1`]));
    await scripted.agent.delete(A);
    await eventually(() => expect(scripted.engine.starts).toHaveLength(3));
    await eventually(() => expect(running()).toEqual([`${A} v1`]));
    expect(linked.status(B)).toBeUndefined();
    scripted.agent.addRuntime(new ScriptedRuntime(scripted.engine, "other"));
    await eventually(() => expect(linked.status(B)?.phase).toBe("running"));
  });

  test("that is older than one before is passed over, and that is said", async () => {
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await linked.follows();
    linked.controller.revision = 1;
    linked.controller.items = [];
    await eventually(() => expect(linked.link.status().reason).toContain("is older than one that was carried out"));
    await linked.restart();
    await eventually(() => expect(linked.link.status().reason).toContain("revision 1"));
    expect(linked.status(A)?.phase).toBe("running");
  });

  test("with a document that cannot be run says so of that instance, and brings about the others", async () => {
    const { controller } = linked;
    controller.assign(assignedSpec(A, 1), assignedSpec(B, 1, { pkg: { type: "unheard-of" } }));
    await linked.join();
    await eventually(() =>
      expect(controller.reports.findLast(({ instanceId }) => instanceId === B)).toMatchObject({
        phase: "Failed",
        detail: "failed",
        specVersion: 1,
        reason: expect.stringContaining('packages of type "unheard-of"'),
      }),
    );
    expect(running()).toEqual([`${A} v1`]);
    controller.assign(assignedSpec(A, 2, { instances: 2 }), assignedSpec(B, 2));
    await eventually(() => expect(running().sort()).toEqual([`${A} v1`, `${B} v1`]));
    await eventually(() =>
      expect(controller.reports.findLast(({ instanceId }) => instanceId === A)).toMatchObject({
        phase: "Running",
        specVersion: 1,
        reason: expect.stringContaining("version 2 of the deployment cannot be run here"),
      }),
    );
  });

  test("of another store deletes nothing: what it does not hold is kept, said, and left to people", async () => {
    const { controller } = linked;
    controller.assign(assignedSpec(A, 1), assignedSpec(B, 1));
    await linked.join();
    await linked.follows();
    const events: string[] = [];
    scripted.agent.events.listen(({ type }) => events.push(type));
    controller.controllerId = "store-2";
    controller.revision = 0;
    controller.assign(assignedSpec(B, 1));
    await eventually(() => expect(linked.link.status()).toMatchObject({ controller_id: "store-2", left: [A] }));
    expect(events).toContain("controller.replaced");
    expect(running().sort()).toEqual([`${A} v1`, `${B} v1`]);
    await linked.restart();
    await linked.follows();
    const parts = { agent: scripted.agent, controller: linked.link };
    expect(() => assertOwn(parts, A)).not.toThrow();
    expect(() => assertOwn(parts, B)).toThrow('"web"');
    expect(running().sort()).toEqual([`${A} v1`, `${B} v1`]);
    // The first store is back, and knows of neither.
    controller.controllerId = "store-1";
    controller.revision = 50;
    controller.assign();
    await eventually(() => expect(running()).toEqual([`${B} v1`]));
    expect(linked.link.status().left).toEqual([B]);
  });
});

describe("a heartbeat", () => {
  test("tells only what is new", async () => {
    await linked.join();
    await linked.follows();
    await eventually(() => expect(linked.controller.heartbeats.length).toBeGreaterThan(3));
    expect(linked.controller.heartbeats.at(-1)).toEqual({ nodeId: "node", agent: { owner: "me" } });
  });

  test("brings the schemas that are asked for", async () => {
    await linked.join();
    await linked.follows();
    const [sha256 = ""] = Object.values(linked.controller.facts().runtimes?.[0]?.packageTypes ?? {});
    linked.controller.wanted = [sha256, "0".repeat(64)];
    await eventually(() => expect(linked.controller.facts().schemas).toHaveProperty(sha256));
    expect(Object.keys(linked.controller.facts().schemas ?? {})).toEqual([sha256]);
  });

  test("of a node that another agent has is refused: nothing is touched, and it is tried again", async () => {
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await linked.follows();
    await linked.leave();
    await scripted.agent.detach();
    scripted.engine.exit(A, { code: 1 });
    linked.controller.owner = "somebody else";
    linked.controller.assign();
    await linked.restart({ holdMs: 300 });
    await eventually(() =>
      expect(linked.link.status()).toMatchObject({
        state: "refused",
        reason: expect.stringContaining("another agent's"),
      }),
    );
    await eventually(() => expect(linked.controller.refusals).toBeGreaterThan(1));
    expect(linked.link.status().waiting).toBe(true);
    expect(linked.status(A)).toMatchObject({ desired: "running", phase: "pending" });
    linked.controller.owner = undefined;
    await eventually(() => expect(linked.status(A)).toBeUndefined());
    expect(scripted.engine.starts).toHaveLength(1);
  });

  test("that asks for another token says which setting of the agent has it", async () => {
    const body = { status: 401, code: "UNAUTHORIZED", detail: "no token", remedy: "Use --token-file." };
    linked.controller.faults.set("all", { status: 401, body });
    await linked.join();
    await eventually(() =>
      expect(linked.link.status()).toMatchObject({
        state: "refused",
        reason: "no token. Set --controller-token-file or DAMSON_CONTROLLER_TOKEN",
      }),
    );
  });

  test("that something else answers changes nothing", async () => {
    linked.controller.assign(assignedSpec(A, 1));
    await linked.join();
    await linked.follows();
    for (const body of [{}, { ttlSec: "15" }, { apps: [] }]) {
      linked.controller.faults.set("all", { status: 200, body });
      await eventually(() => expect(linked.link.status().reason).toContain("Check that the URL"));
      linked.controller.faults.clear();
      await eventually(() => expect(linked.link.status().state).toBe("connected"));
    }
    expect(running()).toEqual([`${A} v1`]);
  });
});
