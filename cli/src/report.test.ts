import { ProblemError, UnreachableError } from "@damson/client";
import { DamsonError } from "@damson/plugin-sdk";
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { usageError } from "./cli-error.ts";
import { renderReport, reportOf } from "./report.ts";

const colors = picocolors.createColors(false);

async function told(thrown: unknown): Promise<string> {
  return renderReport(await reportOf(thrown), colors);
}

it("prints every fault of a problem as a compiler would", async () => {
  const problem = new ProblemError({
    status: 422,
    code: "PACKAGE_INVALID",
    detail: "2 faults",
    remedy: "Correct the package.",
    request_id: "r1",
    errors: [
      { path: "pkg.command", message: 'expected array, got string "x"' },
      { path: "pkg.replica", message: "is not known", hint: 'Did you mean "replicas"?', allowed: ["replicas", "args"] },
    ],
  });
  expect(await told(problem)).toBe(
    [
      'error PACKAGE_INVALID pkg.command: expected array, got string "x"',
      "error PACKAGE_INVALID pkg.replica: is not known",
      '  Did you mean "replicas"?',
      "  Allowed: replicas, args",
      "  Correct the package.",
    ].join("\n"),
  );
});

it("names the request of a fault of the server", async () => {
  const problem = { status: 500, code: "INTERNAL", detail: "something broke", request_id: "r1" };
  expect(await told(new ProblemError(problem))).toBe("error INTERNAL something broke\n  request r1");
});

it("points into a file", async () => {
  const issue = { file: "plugins.yaml", line: 14, column: 9, path: "docker.socket", message: "expected string" };
  const error = new DamsonError("PLUGIN_CONFIG_INVALID", "plugins.yaml:14:9 docker.socket: expected string", {
    issues: [issue],
  });
  expect(await told(error)).toBe("error PLUGIN_CONFIG_INVALID plugins.yaml:14:9 docker.socket: expected string");
});

it("lets nothing from the server act on the terminal", async () => {
  const problem = { status: 400, code: "BAD", detail: "a\x1b[2Jb" };
  expect(await told(new ProblemError(problem))).toBe("error BAD ab");
});

it.each([
  [new ProblemError({ status: 404, code: "APP_NOT_FOUND", detail: "no" }), 3],
  [new ProblemError({ status: 409, code: "APP_FAILED", detail: "no" }), 1],
  [new UnreachableError("http://127.0.0.1:1", new Error("refused")), 4],
  [usageError("no"), 2],
  [new DamsonError("LOCKED", "no"), 1],
  [new Error("no"), 1],
  ["no", 1],
])("%s exits with %d", async (thrown, exitCode) => {
  expect(await reportOf(thrown)).toMatchObject({ exitCode });
});

it("says that another program may have been asked, where a route is not known", async () => {
  const detail = "There is nothing at GET /v1/status";
  const problem = { status: 404, code: "NOT_FOUND", detail, remedy: 'Did you mean "/v1/tasks"?' };
  const text = await told(new ProblemError(problem));
  expect(text).toContain("--controller (DAMSON_CONTROLLER) that of a controller");
  expect(text).not.toContain("/v1/tasks");
});

it("says how to start an agent when there is none", async () => {
  const text = await told(new UnreachableError("http://127.0.0.1:1", new Error("connect ECONNREFUSED")));
  expect(text).toContain("No answer from http://127.0.0.1:1: connect ECONNREFUSED");
  expect(text).toContain("damson agent");
});
