import { expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";
import { BAD_DEPLOYMENTS, SPEC } from "./fixtures/bad-deployments.ts";

/** What is sent, and what the answer must be and name. */
type Case = readonly [title: string, method: string, path: string, body: unknown, code: string, place?: string];

const OTHERS: readonly Case[] = [
  ["no JSON", "POST", "/v1/deployments", "{", "JSON_INVALID"],
  ["no body", "POST", "/v1/deployments", undefined, "BODY_EMPTY"],
  ["a key that sets a prototype", "POST", "/v1/deployments", '{"name":"new","__proto__":{}}', "JSON_KEY_FORBIDDEN"],
  ["an unknown query", "POST", "/v1/deployments?dry=1", { name: "new", spec: SPEC }, "QUERY_INVALID", "dry"],
  ["a wait for nothing", "POST", "/v1/deployments?wait=done", { name: "new", spec: SPEC }, "QUERY_INVALID", "wait"],
  [
    "a timeout that is none",
    "POST",
    "/v1/tasks?wait=running&timeout=x",
    { name: "new", spec: SPEC },
    "QUERY_INVALID",
    "timeout",
  ],
  ["a name that is taken", "POST", "/v1/deployments", { name: "shop", spec: SPEC }, "DEPLOYMENT_EXISTS", "name"],
  ["a task's name that is taken", "POST", "/v1/tasks", { name: "shop", spec: SPEC }, "DEPLOYMENT_EXISTS", "name"],
  ["PUT to another name", "PUT", "/v1/deployments/shop", { name: "other", spec: SPEC }, "NAME_IMMUTABLE", "name"],
  ["PUT of nothing", "PUT", "/v1/deployments/shop", { name: "shop" }, "DEPLOYMENT_INVALID", "entries"],
  ["PUT of what is not there", "PUT", "/v1/deployments/other", { name: "other", spec: SPEC }, "DEPLOYMENT_NOT_FOUND"],
  ["a rollout of nothing", "POST", "/v1/deployments/shop/rollout", {}, "DEPLOYMENT_INVALID", "entries"],
  [
    "a rollout to another name",
    "POST",
    "/v1/deployments/shop/rollout",
    { name: "other", spec: SPEC },
    "NAME_IMMUTABLE",
    "name",
  ],
  ["PATCH of the name", "PATCH", "/v1/deployments/shop", { name: "other" }, "NAME_IMMUTABLE", "name"],
  ["PATCH of a task's name", "PATCH", "/v1/tasks/shop", { name: "other", labels: {} }, "NAME_IMMUTABLE", "name"],
  ["PATCH of replicas", "PATCH", "/v1/deployments/shop", { replicas: 3 }, "BODY_INVALID", "replicas"],
  ["PATCH of what is not there", "PATCH", "/v1/tasks/other", { labels: {} }, "DEPLOYMENT_NOT_FOUND"],
  [
    "too many labels",
    "PATCH",
    "/v1/deployments/shop",
    { labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, ""])) },
    "BODY_INVALID",
    "labels",
  ],
  ["scaling nothing", "POST", "/v1/deployments/shop/scale", {}, "DEPLOYMENT_INVALID", "replicas"],
  ["scaling below 0", "POST", "/v1/deployments/shop/scale", { replicas: -1 }, "BODY_INVALID", "replicas"],
  ["scaling without end", "POST", "/v1/deployments/shop/scale", { replicas: 1e9 }, "BODY_INVALID", "replicas"],
  [
    "scaling an entry that is not there",
    "POST",
    "/v1/deployments/shop/scale",
    { entries: { db: 1 } },
    "DEPLOYMENT_INVALID",
    "entries.db",
  ],
  [
    "scaling both ways",
    "POST",
    "/v1/deployments/shop/scale",
    { replicas: 1, entries: { web: 1 } },
    "DEPLOYMENT_INVALID",
    "replicas",
  ],
  ["scaling one of two", "POST", "/v1/deployments/pair/scale", { replicas: 2 }, "DEPLOYMENT_INVALID", "replicas"],
  ["a rollback to nowhere", "POST", "/v1/deployments/shop/rollback", { version: 9 }, "NO_SUCH_VERSION"],
  ["a rollback from the first", "POST", "/v1/deployments/shop/rollback", undefined, "NO_SUCH_VERSION"],
  ["a rollback to 0", "POST", "/v1/deployments/shop/rollback", { version: 0 }, "BODY_INVALID", "version"],
  ["an action that is none", "POST", "/v1/deployments/shop?action=explode", undefined, "QUERY_INVALID", "action"],
  ["no action", "POST", "/v1/deployments/shop", undefined, "QUERY_INVALID", "action"],
  ["pausing what is not there", "POST", "/v1/deployments/other/pause", undefined, "DEPLOYMENT_NOT_FOUND"],
  ["an id that is none", "GET", "/v1/deployments/a%2Fb", undefined, "PATH_INVALID", "id"],
  [
    "another key of the object's version",
    "POST",
    "/v1/deployments/shop/stop?resource_version=x",
    undefined,
    "QUERY_INVALID",
    "resource_version",
  ],
  ["an instance's wish that is none", "PATCH", "/v1/assignments/x", { desired: "Deployed" }, "BODY_INVALID", "desired"],
  ["an instance without a wish", "PATCH", "/v1/assignments/x", {}, "BODY_INVALID", "desired"],
  ["an instance that is not there", "PATCH", "/v1/assignments/x", { desired: "Running" }, "INSTANCE_NOT_FOUND"],
  ["removing an instance that is not there", "DELETE", "/v1/assignments/x", undefined, "INSTANCE_NOT_FOUND"],
];

test("bad input is refused with the place, and changes nothing", async () => {
  const cluster = await Cluster.start();
  const sent = { name: "shop", spec: SPEC, replicas: 0 };
  await cluster.post("/v1/deployments", sent);
  const pair = [
    { name: "a", spec: SPEC, replicas: 0 },
    { name: "b", spec: SPEC, replicas: 0 },
  ];
  await cluster.post("/v1/deployments", { name: "pair", entries: pair });
  await cluster.node("n1");
  expect(await cluster.state()).toMatchObject({ deployments: [{ name: "pair" }, { name: "shop" }] });
  const before = await cluster.state();

  const declared = BAD_DEPLOYMENTS.map(
    ([title, body, code, place]): Case => [title, "POST", "/v1/deployments", body, code, place],
  );
  for (const [title, method, path, body, code, place] of [...declared, ...OTHERS]) {
    const answer = await cluster.call(method, path, body);
    const places = (answer.body?.errors ?? []).map((error: { path?: string }) => error.path);
    expect({ title, code: answer.body?.code, places }, JSON.stringify(answer.body)).toEqual({
      title,
      code,
      places: place === undefined ? places : expect.arrayContaining([place]),
    });
    expect(answer.status, title).toBeGreaterThanOrEqual(400);
    expect(answer.status, title).toBeLessThan(500);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body.detail, title).not.toBe("");
    expect(await cluster.state(), title).toEqual(before);
  }
  expect(BAD_DEPLOYMENTS.length + OTHERS.length).toBeGreaterThanOrEqual(80);
});

test("all faults of a request come at once, and none shows a secret", async () => {
  const cluster = await Cluster.start();
  await cluster.node("n1");
  const answer = await cluster.post("/v1/deployments", {
    name: "new",
    entries: [
      { spec: { ...SPEC, pkg: { type: "docker", image: 1, environment: { TOKEN: ["s3cret"] } } } },
      { artifactUrl: "demo.zip" },
      { spec: { ...SPEC, instances: 2, pkg: { ...SPEC.pkg, environment: "s3cret" } } },
    ],
  });
  expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
    "entries[0].spec.pkg.image",
    "entries[0].spec.pkg.environment.TOKEN",
    "entries[1].artifactUrl",
    "entries[2].spec.instances",
  ]);
  expect(answer.text).not.toContain("s3cret");
});

test("what no node serves yet is accepted with a warning", async () => {
  const cluster = await Cluster.start();
  await cluster.node("n1");
  const pod = { app: "pod", version: "1", pkg: { type: "dockr", image: "nginx" } };
  const answer = await cluster.post("/v1/deployments", { name: "new", spec: pod, replicas: { n9: 1 } });
  expect(answer.status).toBe(200);
  expect(answer.body.warnings).toEqual([
    'spec.pkg.type: no node serves packages of type "dockr" yet; served are: binary, docker. Did you mean "docker"?',
    "replicas: no such node yet: n9; instances there wait until it registers",
  ]);
});

test("an error does not show the login or the query of an artifact's URL, nor does the audit log", async () => {
  const cluster = await Cluster.start();
  const artifactUrl = "ftp://user:geheim@host/x.zip?token=geheim";
  const refused = await cluster.post("/v1/deployments", { name: "new", artifactUrl });
  expect(refused).toMatchObject({ status: 400, body: { code: "DEPLOYMENT_INVALID" } });
  const { body: audit } = await cluster.get("/v1/audit");
  expect(audit.records).toMatchObject([{ outcome: "refused" }]);
  expect(JSON.stringify([refused.body, audit])).not.toContain("geheim");
});
