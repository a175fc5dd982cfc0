import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { diskError } from "./index.ts";

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

it("a write that found no room is told in plain words", () => {
  const error = thrownBy(() => writeFileSync("/dev/full", "x"));
  expect(diskError(error, "/srv/damson")).toMatchObject({
    code: "NO_SPACE",
    status: 507,
    retryable: true,
    message: expect.stringContaining("/srv/damson"),
    cause: error,
  });
});

it("any other error stays as it is", () => {
  const error = thrownBy(() => writeFileSync("/does/not/exist", "x"));
  expect(diskError(error, "/srv/damson")).toBe(error);
});
