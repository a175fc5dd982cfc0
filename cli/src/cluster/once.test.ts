import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createControllerClient, ProblemError, UnreachableError } from "@damson/client";
import { expect, it, onTestFinished } from "vitest";
import { once } from "./once.ts";

/** A server that handles so many connections by breaking them, and then answers. */
async function serve(breaks: number, status: number) {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    if (keys.length <= breaks) return request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? { nodeId: "n" } : { status, code: "NO", detail: "no" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { api } = createControllerClient({ url: `http://127.0.0.1:${port}` });
  const change = () =>
    once((headers) => api.POST("/v1/nodes/{nodeId}/cordon", { params: { path: { nodeId: "n" } }, headers }));
  return { keys, change };
}

it("asks again with the same key when the connection breaks, so that the change is made once", async () => {
  const { keys, change } = await serve(1, 200);
  expect(await change()).toMatchObject({ nodeId: "n" });
  expect(keys).toEqual([expect.any(String), keys[0]]);
  await change();
  expect(keys[2]).not.toBe(keys[0]);
});

it("does not ask a third time, nor again for what was refused", async () => {
  const gone = await serve(9, 200);
  await expect(gone.change()).rejects.toBeInstanceOf(UnreachableError);
  expect(gone.keys).toHaveLength(2);
  const refusing = await serve(0, 409);
  await expect(refusing.change()).rejects.toBeInstanceOf(ProblemError);
  expect(refusing.keys).toHaveLength(1);
});
