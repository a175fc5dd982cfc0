import type { Problem } from "@damson/client";
import { expect } from "vitest";
import type { BadInput } from "./bad-input.ts";
import { send } from "./send.ts";

// What only a look inside would tell: stacks, module paths, this repository's place.
const INSIDE = /node_modules|file:\/\/\/(?!etc)|\bat [^ ]+ \(|\.ts:\d+|\.js:\d+/;

/** Sends a bad request, and sees that the answer is a problem document with the status, the code and the place. */
export async function expectRefused(url: string, [, sent, status, code, path]: BadInput): Promise<void> {
  const { status: answered, headers, body } = await send(url, sent);
  expect({ status: answered, body: body.slice(0, 2_000) }).toMatchObject({ status });
  expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  const problem: Problem = JSON.parse(body);
  expect(problem).toMatchObject({
    type: "about:blank",
    status,
    code,
    title: expect.any(String),
    detail: expect.stringMatching(/\S/),
    request_id: expect.stringMatching(/^[0-9a-f-]{8,}$/),
  });
  if (path !== undefined) expect(problem.errors?.map((issue) => issue.path ?? "")).toContain(path);
  if (status === 405) expect(headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  expect(body).not.toMatch(INSIDE);
}
