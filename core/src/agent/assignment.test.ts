import { describe, expect, test, vi } from "vitest";
import { assignedSpec } from "./fixtures/assigned-spec.ts";
import { servedAgent, TOKEN } from "./fixtures/served-agent.ts";
import { instanceOf } from "./instance-request.ts";
import type { ApplyRequest } from "./schema/apply.ts";
import { toSpec } from "./spec.ts";

const NAME = "d1-0000000a";
const identity = { owner: "me", nodeId: "node", controllerUrl: "http://controller:8080" };

const served = servedAgent();
const { scripted } = served;
const runs = (): Promise<unknown> => vi.waitFor(() => expect(scripted.engine.running()).toEqual([`${NAME} v1`]));

function call(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return fetch(`${served.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe("an assigned app", () => {
  test("is one instance of the assignment's own id, which is called as the deployment's app is", async () => {
    const answer = await call("POST", "/v1/apply?wait=running", assignedSpec(NAME, 3));
    expect(answer.status).toBe(200);
    const status = await (await call("GET", `/v1/status/${NAME}`)).json();
    expect(status).toMatchObject({
      app: NAME,
      assignment: { instance_id: NAME, app: "shop", deployment: "web", spec_version: 3 },
      instances: [{ instance_id: NAME }],
    });
    expect(await (await call("GET", "/v1/status/web")).json()).toMatchObject({
      code: "APP_NOT_FOUND",
      remedy: `A deployment is called so. What it runs here is ${NAME}.`,
    });
    expect(instanceOf(assignedSpec(NAME, 3), NAME, 1, identity)).toMatchObject({
      app: NAME,
      environment: {
        DAMSON_APP: "shop",
        PLUM_APP_NAME: "shop",
        DAMSON_INSTANCE_ID: NAME,
        CONTROLLER_BASE: "http://controller:8080",
      },
    });
  });

  test("of a new version of the deployment that changes nothing of the unit goes on, and has that version", async () => {
    await scripted.agent.apply(assignedSpec(NAME, 1));
    await runs();
    await scripted.agent.apply(assignedSpec(NAME, 2));
    expect(scripted.engine.starts).toEqual([`${NAME}#1 v1`]);
    expect(scripted.agent.status(scripted.agent.app(NAME)).assignment?.spec_version).toBe(2);
    await scripted.agent.apply(assignedSpec(NAME, 3, { version: "v2", update: "rolling" }));
    await vi.waitFor(() => expect(scripted.engine.running()).toEqual([`${NAME} v2`]));
    expect(scripted.engine.starts).toEqual([`${NAME}#1 v1`, `${NAME}#2 v2`]);
  });

  test("can be there without running", async () => {
    await scripted.agent.apply(assignedSpec(NAME, 1), "stopped");
    expect(scripted.agent.status(scripted.agent.app(NAME))).toMatchObject({ phase: "stopped", desired: "stopped" });
    await scripted.agent.apply(assignedSpec(NAME, 1));
    await runs();
    await scripted.agent.apply(assignedSpec(NAME, 2), "stopped");
    await vi.waitFor(() => expect(scripted.engine.running()).toEqual([]));
  });

  test("that comes again while it is being removed is started when all of it is gone", async () => {
    await scripted.agent.apply(assignedSpec(NAME, 1));
    await runs();
    scripted.runtime.fail.stop = new Error("not yet");
    await scripted.agent.delete(NAME);
    await scripted.agent.apply(assignedSpec(NAME, 2));
    expect(scripted.agent.app(NAME).document.value.instances).toMatchObject([{ instance_id: NAME, target: "removed" }]);
    delete scripted.runtime.fail.stop;
    await vi.waitFor(() => expect(scripted.engine.starts).toHaveLength(2), 5_000);
    await runs();
    expect(scripted.agent.status(scripted.agent.app(NAME)).instances).toMatchObject([{ instance_id: NAME, run: 1 }]);
  });

  test("is held back after a start of the agent until it is released; what runs is taken over at once", async () => {
    await scripted.agent.apply(assignedSpec(NAME, 1));
    await scripted.agent.apply(assignedSpec("d1-0000000b", 1));
    await vi.waitFor(() => expect(scripted.engine.running()).toHaveLength(2));
    await scripted.agent.detach();
    scripted.engine.exit("d1-0000000b", { code: 1 });
    await scripted.boot(undefined, { holdAssigned: "waits for the controller" });
    await vi.waitFor(() => {
      expect(scripted.agent.status(scripted.agent.app(NAME)).phase).toBe("running");
      expect(scripted.agent.status(scripted.agent.app("d1-0000000b"))).toMatchObject({
        phase: "pending",
        reason: "waits for the controller",
      });
    });
    expect(scripted.engine.starts).toHaveLength(2);
    scripted.agent.releaseAssigned();
    await vi.waitFor(() => expect(scripted.engine.running()).toHaveLength(2));
  });

  test("is changed by whoever names the assignment, and by nobody else", async () => {
    await call("POST", "/v1/apply?wait=running", assignedSpec(NAME, 1));
    const { assignment: _, ...local } = assignedSpec(NAME, 1, { version: "v9" });
    const refused = [
      call("POST", "/v1/apply", local),
      call("DELETE", `/v1/apps/${NAME}`),
      call("DELETE", `/v1/apps/${NAME}?assignment=d1-0000000b`),
      call("POST", `/v1/apps/${NAME}/stop`),
      call("POST", `/v1/apps/${NAME}/start`),
      call("POST", `/v1/apps/${NAME}/rollback`),
    ];
    for (const answer of await Promise.all(refused)) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        code: "ASSIGNED_BY_CONTROLLER",
        detail: expect.stringContaining("web"),
      });
    }
    await runs();
    expect((await call("POST", `/v1/apps/${NAME}/restart`)).status).toBe(200);
    expect((await call("POST", `/v1/apps/${NAME}/stop?wait=true&assignment=${NAME}`)).status).toBe(200);
    expect((await call("DELETE", `/v1/apps/${NAME}?wait=true&assignment=${NAME}`)).status).toBe(200);
    expect(scripted.agent.find(NAME)).toBeUndefined();
  });

  test("takes no local app over", async () => {
    await served.apply(1, "scripted");
    const answer = await call("POST", "/v1/apply", assignedSpec("shop", 1));
    expect(await answer.json()).toMatchObject({ code: "APP_IS_LOCAL", status: 409 });
  });

  test("has a URL below the controller's, wherever that is now", () => {
    const pkg = { type: "artifact", url: "/artifacts/shop_v1.zip?x=1" };
    const at = (controllerUrl?: string) =>
      instanceOf(assignedSpec(NAME, 1, { pkg }), NAME, 1, { ...identity, controllerUrl }).pkg.url;
    expect(at("http://controller:8080")).toBe("http://controller:8080/artifacts/shop_v1.zip?x=1");
    expect(at()).toBe(pkg.url);
    const { assignment: _, ...local } = assignedSpec(NAME, 1, { pkg });
    expect(instanceOf(local, NAME, 1, identity).pkg.url).toBe(pkg.url);
  });

  test("is one instance, of the same name", () => {
    const replicated = { type: "scripted", replicas: 0 };
    const request = (extra: Partial<ApplyRequest>) => () => toSpec({ ...assignedSpec(NAME, 1), ...extra });
    expect(request({ instances: 2 })).toThrow("instances: is 2");
    expect(request({ pkg: replicated })).toThrow("instances: is 0");
    expect(request({ app: "other" })).toThrow("assignment.instance_id");
    expect(request({ instances: 1 })).not.toThrow();
  });
});
