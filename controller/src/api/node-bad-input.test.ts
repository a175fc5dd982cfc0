import { afterAll, beforeAll, expect, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { instanceId, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, Scene } from "../fixtures/scene.ts";

type Case = readonly [why: string, method: "GET" | "POST" | "DELETE", url: string, body: unknown, expected: string];

const ID = instanceId(1, 1);
const HASH = "a".repeat(64);
const agent = (fields: object) => ({ nodeId: "n1", agent: { owner: "owner-1", ...fields } });
const register = (fields: object) => ({
  instanceId: "manual-1",
  nodeId: "n1",
  ip: "10.0.0.1",
  endpoints: [],
  ...fields,
});
const batch = (...statuses: object[]) => ({ nodeId: "n1", statuses });
const called = (agent_url: unknown, fields: object = {}) => ({ agent_id: "n9", agent_url, ...fields });

const BEAT = "/v1/nodes/heartbeat";
const STATUS = "/v1/instances/status";
const REGISTER = "/v1/services/register";
const AGENTS = "/api/v1/agents";

const CASES: readonly Case[] = [
  ["no body", "POST", BEAT, undefined, "400 BODY_EMPTY"],
  ["null", "POST", BEAT, null, "400 BODY_EMPTY"],
  ["no node", "POST", BEAT, { ip: "10.0.0.1" }, "400 BODY_INVALID"],
  ["a node id with a slash", "POST", BEAT, { nodeId: "a/b" }, "400 BODY_INVALID"],
  ["a node id with a dot dot", "POST", BEAT, { nodeId: ".." }, "400 BODY_INVALID"],
  ["a node id that is too long", "POST", BEAT, { nodeId: "a".repeat(64) }, "400 BODY_INVALID"],
  ["a node id that is a number", "POST", BEAT, { nodeId: 5 }, "400 BODY_INVALID"],
  ["a label that is no text", "POST", BEAT, { nodeId: "n1", labels: { zone: 5 } }, "400 BODY_INVALID"],
  ["labels that are a list", "POST", BEAT, { nodeId: "n1", labels: [] }, "400 BODY_INVALID"],
  ["an unknown field", "POST", BEAT, { nodeId: "n1", lables: {} }, "400 BODY_INVALID"],
  ["an agent without owner", "POST", BEAT, { nodeId: "n1", agent: {} }, "400 BODY_INVALID"],
  ["less than no capacity", "POST", BEAT, agent({ capacity: { cpu: -1 } }), "400 BODY_INVALID"],
  [
    "a hash that is none",
    "POST",
    BEAT,
    agent({ runtimes: [{ name: "x", usable: true, packageTypes: { a: "b" } }] }),
    "400 BODY_INVALID",
  ],
  ["a schema under no hash", "POST", BEAT, agent({ schemas: { x: {} } }), "400 BODY_INVALID"],
  ["a schema of another hash", "POST", BEAT, agent({ schemas: { [HASH]: {} } }), "400 SCHEMA_REFUSED"],
  ["a schema that is a text", "POST", BEAT, agent({ schemas: { [HASH]: "{}" } }), "400 SCHEMA_REFUSED"],
  [
    "seen that lacks its revision",
    "POST",
    BEAT,
    agent({ seen: { controllerId: "x", instances: [] } }),
    "400 BODY_INVALID",
  ],
  [
    "a revision below 0",
    "POST",
    BEAT,
    agent({ seen: { controllerId: "x", revision: -1, instances: [] } }),
    "400 BODY_INVALID",
  ],
  ["another agent's node", "POST", BEAT, { nodeId: "n1", agent: { owner: "owner-2" } }, "409 NODE_ID_TAKEN"],
  ["a node that is not there", "GET", "/v1/nodes/none", undefined, "404 NODE_NOT_FOUND"],
  ["a node id that cannot be", "GET", "/v1/nodes/a%20b", undefined, "400 PATH_INVALID"],
  ["a node in use", "DELETE", "/v1/nodes/n1", undefined, "409 NODE_IN_USE"],
  ["a node that was never there", "DELETE", "/v1/nodes/none", undefined, "404 NODE_NOT_FOUND"],
  ["a version that is none", "DELETE", "/v1/nodes/n1?resource_version=x", undefined, "400 QUERY_INVALID"],
  [
    "another version",
    "POST",
    "/v1/nodes/n1/cordon?resource_version=1000000",
    undefined,
    "412 RESOURCE_VERSION_MISMATCH",
  ],
  ["an unknown query", "POST", "/v1/nodes/n1/cordon?force=true", undefined, "400 QUERY_INVALID"],
  ["a node that is not there", "POST", "/v1/nodes/none/drain", {}, "404 NODE_NOT_FOUND"],
  ["none at once", "POST", "/v1/nodes/n1/drain", { maxParallel: 0 }, "400 BODY_INVALID"],
  ["an unknown field", "POST", "/v1/nodes/n1/drain", { force: true }, "400 BODY_INVALID"],
  ["a node that is not there", "POST", "/v1/nodes/none/uncordon", undefined, "404 NODE_NOT_FOUND"],
  ["a node that is not there", "POST", "/v1/nodes/none/failback", undefined, "404 NODE_NOT_FOUND"],
  ["an action that is none", "POST", "/v1/nodes/n1/reboot", undefined, "404 NOT_FOUND"],
  ["no node", "GET", "/v1/stream", undefined, "400 QUERY_INVALID"],
  ["a node id that cannot be", "GET", "/v1/stream?nodeId=a/b", undefined, "400 QUERY_INVALID"],
  ["neither node nor deployment", "GET", "/v1/assignments", undefined, "400 NODE_ID_REQUIRED"],
  ["a limit of none", "GET", "/v1/assignments?nodeId=n1&limit=0", undefined, "400 QUERY_INVALID"],
  ["a limit that is no number", "GET", "/v1/assignments?nodeId=n1&limit=ten", undefined, "400 QUERY_INVALID"],
  ["something to include that is none", "GET", "/v1/assignments?nodeId=n1&include=all", undefined, "400 QUERY_INVALID"],
  ["a deployment that is not there", "GET", "/v1/assignments?deploymentId=none", undefined, "404 DEPLOYMENT_NOT_FOUND"],
  ["no phase", "POST", STATUS, { instanceId: ID }, "400 BODY_INVALID"],
  ["a phase that is none", "POST", STATUS, { instanceId: ID, phase: "Sleeping" }, "400 BODY_INVALID"],
  ["an instance that is not there", "POST", STATUS, { instanceId: "none", phase: "Running" }, "404 INSTANCE_NOT_FOUND"],
  [
    "an exit code that is a text",
    "POST",
    STATUS,
    { instanceId: ID, phase: "Exited", exitCode: "0" },
    "400 BODY_INVALID",
  ],
  ["a report without number", "POST", STATUS, batch({ instanceId: ID, phase: "Running" }), "400 BODY_INVALID"],
  ["a number below 0", "POST", STATUS, batch({ instanceId: ID, phase: "Running", seq: -1 }), "400 BODY_INVALID"],
  ["a batch of no node", "POST", STATUS, { statuses: [] }, "400 BODY_INVALID"],
  [
    "too many at once",
    "POST",
    STATUS,
    batch(...Array(1_001).fill({ instanceId: ID, phase: "Running", seq: 1 })),
    "400 BODY_INVALID",
  ],
  ["a list", "POST", STATUS, [], "400 BODY_INVALID"],
  ["an instance that is not there", "GET", "/v1/instances/none/statuses", undefined, "404 INSTANCE_NOT_FOUND"],
  [
    "an instance of another node",
    "POST",
    REGISTER,
    register({ instanceId: ID, nodeId: "n2" }),
    "409 INSTANCE_NOT_ASSIGNED",
  ],
  ["no node", "POST", REGISTER, { instanceId: "x", ip: "10.0.0.1", endpoints: [] }, "400 BODY_INVALID"],
  ["no address", "POST", REGISTER, register({ ip: "" }), "400 BODY_INVALID"],
  ["port 0", "POST", REGISTER, register({ endpoints: [{ serviceName: "web", port: 0 }] }), "400 BODY_INVALID"],
  [
    "a port that is none",
    "POST",
    REGISTER,
    register({ endpoints: [{ serviceName: "web", port: 65_536 }] }),
    "400 BODY_INVALID",
  ],
  [
    "a service with a blank",
    "POST",
    REGISTER,
    register({ endpoints: [{ serviceName: "a b", port: 1 }] }),
    "400 BODY_INVALID",
  ],
  ["no instance", "POST", "/v1/services/heartbeat", {}, "400 BODY_INVALID"],
  [
    "one that has not registered",
    "POST",
    "/v1/services/heartbeat",
    { instanceId: "none" },
    "404 SERVICE_NOT_REGISTERED",
  ],
  ["no instance", "DELETE", "/v1/services", undefined, "400 QUERY_INVALID"],
  ["no service", "GET", "/v1/discovery", undefined, "400 SERVICE_REQUIRED"],
  ["an empty service", "GET", "/v1/discovery?service=", undefined, "400 QUERY_INVALID"],
  ["a limit below 1", "GET", "/v1/discovery?service=web&limit=-1", undefined, "400 QUERY_INVALID"],
  ["all that is no yes or no", "GET", "/v1/discovery?service=web&all=perhaps", undefined, "400 QUERY_INVALID"],
  ["no service", "GET", "/v1/resolve", undefined, "400 QUERY_INVALID"],
  ["a strategy that is none", "GET", "/v1/resolve?service=web&strategy=best", undefined, "400 QUERY_INVALID"],
  ["a service that answers nowhere", "GET", "/v1/resolve?service=none", undefined, "404 NO_ENDPOINT"],
  ["no URL", "POST", AGENTS, { agent_id: "n9" }, "400 BODY_INVALID"],
  ["another protocol", "POST", AGENTS, called("file:///etc/passwd"), "400 AGENT_URL_INVALID"],
  ["a URL that is none", "POST", AGENTS, called("http://"), "400 AGENT_URL_INVALID"],
  ["a port that is none", "POST", AGENTS, called("http://host:99999"), "400 AGENT_URL_INVALID"],
  ["a URL with a login", "POST", AGENTS, called("http://root:secret@host:8081"), "400 AGENT_URL_INVALID"],
  ["a URL with a query", "POST", AGENTS, called("http://host:8081/?a=b"), "400 AGENT_URL_INVALID"],
  ["a URL with a fragment", "POST", AGENTS, called("http://host:8081/#a"), "400 AGENT_URL_INVALID"],
  ["a URL with a line break", "POST", AGENTS, called("http://host:8081/\r\nX: y"), "400 AGENT_URL_INVALID"],
  ["a number", "POST", AGENTS, called(8081), "400 BODY_INVALID"],
  [
    "a token that is no header",
    "POST",
    AGENTS,
    called("http://host", { token: "secret\r\nX: y" }),
    "400 TOKEN_INVALID",
  ],
  ["an agent id that cannot be", "POST", AGENTS, { ...called("http://host"), agent_id: "a/b" }, "400 BODY_INVALID"],
  ["a node whose agent dials in", "POST", AGENTS, { agent_id: "n1", agent_url: "http://host" }, "409 NODE_ID_TAKEN"],
  ["an agent that is not there", "GET", `${AGENTS}/none`, undefined, "404 AGENT_NOT_FOUND"],
  ["an agent that dials in", "GET", `${AGENTS}/n1`, undefined, "404 AGENT_NOT_FOUND"],
  ["an agent that dials in", "DELETE", `${AGENTS}/n1`, undefined, "404 AGENT_NOT_FOUND"],
];

let life: Life;
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.lasting();
  life = await scene.begin();
  await putDeployment(life.parts, 1);
  await beat(life, "n1");
  await putAssignment(life.parts, "n1", [1, 1]);
});
afterAll(() => scene.remove());

test.each(CASES)("%s: %s %s", async (_, method, url, body, expected) => {
  const { revision } = life.parts.objects;
  const answer = await call(life, method, url, body);
  expect(`${answer.status} ${answer.body?.code}`).toBe(expected);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  expect(answer.body.detail).not.toBe("");
  expect(JSON.stringify(answer.body)).not.toContain("secret");
  expect(life.parts.objects.revision).toBe(revision);
});
