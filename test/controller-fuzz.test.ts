import { answer } from "@damson/client";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FuzzRequest, type OpenApi, requests } from "./api-fuzz/requests.ts";
import { startController, type TestController } from "./support/test-controller.ts";

const RUNS = 6_000;
const SPEC = { app: "fuzz", version: "1", pkg: { type: "binary", command: ["/bin/true"] } };
const NAMES = fc.constantFrom("fuzz", "fuzz-2", "fuzz-3");
const NODES = fc.constantFrom("nodeA", "nodeB", "nodeC");
/** How often what was deleted is made again. */
const EVERY = 25;
/** What most requests are about: else nearly all would be about what is not there. */
const KNOWN = {
  id: NAMES,
  name: NAMES,
  nodeId: NODES,
  agent_id: fc.constantFrom("nodeC", "nodeD"),
  deploymentId: NAMES,
  service: fc.constant("web"),
  serviceName: fc.constant("web"),
  artifactUrl: fc.constant(undefined),
  operation_id: fc.uuid(),
  owner: fc.constant("fuzz"),
  spec: fc.record({
    app: fc.constantFrom("fuzz", "other"),
    version: fc.constantFrom("1", "2"),
    pkg: fc.constantFrom<object>(SPEC.pkg, { type: "script", command: ["true"] }, { type: "docker", image: "x" }),
  }),
};

let controller: TestController;
const seed = Number(process.env.DAMSON_FUZZ_SEED ?? Date.now() % 2 ** 31);

beforeAll(async () => {
  controller = await startController();
}, 60_000);

afterAll(() => controller?.cleanUp());

test(`${RUNS} generated requests are answered as the OpenAPI document says (DAMSON_FUZZ_SEED=${seed})`, async () => {
  controller.showOnFailure();
  const { pid } = controller;
  // What is served is described by OpenAPI.
  const document = (await (await fetch(`${controller.url}/openapi.json`)).json()) as OpenApi;
  const check = answerCheck(document);
  const outcomes = new Map<string, Set<number>>();
  let count = 0;
  const property = fc.asyncProperty(requests(document, KNOWN), async (request) => {
    if (count % EVERY === 0) await furnish();
    count += 1;
    const status = await check(request, controller.url);
    const operation = `${request.method} ${request.template}`;
    outcomes.set(operation, (outcomes.get(operation) ?? new Set()).add(status));
  });
  await fc.assert(property, { seed, numRuns: RUNS, endOnFailure: true });

  const told = [...outcomes].map(([operation, statuses]) => `${operation}: ${[...statuses].sort()}`);
  process.stderr.write(`fuzz:\n  ${told.sort().join("\n  ")}\n`);
  expect(controller.pid).toBe(pid);
  expect(controller.running).toBe(true);
  // Every operation was reached, and a good half of them also with something that it takes.
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path));
  expect(outcomes.size).toBeGreaterThanOrEqual(operations.length - 1);
  const taken = [...outcomes.values()].filter((statuses) => [...statuses].some((status) => status < 300));
  expect(taken.length, told.join("\n")).toBeGreaterThan(operations.length / 2);
  // It goes on as if nothing had been.
  await controller.restart("SIGKILL");
  expect((await fetch(`${controller.url}/v1/deployments`)).status).toBe(200);
}, 600_000);

/** Makes what the known names stand for, where it is not there. */
async function furnish(): Promise<void> {
  const { api } = controller.client;
  for (const nodeId of ["nodeA", "nodeB"]) {
    await answer(api.POST("/v1/nodes/heartbeat", { body: { nodeId, agent: { owner: "fuzz" } } }));
  }
  for (const name of ["fuzz", "fuzz-2"]) {
    // It may be there.
    await api.POST("/v1/deployments", { body: { name, replicas: { nodeA: 1 }, spec: SPEC } }).catch(() => undefined);
  }
}

/** Sends a request, and holds its answer against the document. @returns the status */
function answerCheck(document: OpenApi): (request: FuzzRequest, base: string) => Promise<number> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "api", components: document.components });
  const withRefs = (schema: object) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/'));
  const checkers = new Map<object, (value: unknown) => boolean>();
  return async ({ method, template, url, headers, body }, base) => {
    const response = await fetch(`${base}${url}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    const { status } = response;
    const about = `${method} ${url} ${JSON.stringify(headers)} ${body ?? ""}\n${status} ${text.slice(0, 2_000)}`;
    expect(status, about).toBeLessThan(500);
    const { responses } = document.paths[template]?.[method.toLowerCase()] ?? { responses: {} };
    // Redirects and what a cache may have are of HTTP, and not of an operation.
    if (status === 304) return status;
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const described = responses[status] ?? (status >= 400 ? responses.default : undefined);
    expect(described, `not in the document: ${about}`).toBeDefined();
    // The answer to HEAD has no body.
    if (method === "HEAD") return status;
    if (status >= 400) {
      expect(type, about).toBe("application/problem+json");
      expect(JSON.parse(text).code, about).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(text).not.toMatch(/node_modules|file:\/\/|\.ts:\d+/);
    }
    const schema = described?.content?.[type]?.schema;
    if (!schema || type === "application/x-ndjson" || text === "") return status;
    const checker = checkers.get(schema) ?? ajv.compile(withRefs(schema));
    checkers.set(schema, checker);
    expect(checker(JSON.parse(text)), `${about}\n${JSON.stringify(Object(checker).errors)}`).toBe(true);
    return status;
  };
}
