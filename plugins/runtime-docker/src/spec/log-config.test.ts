import { describe, expect, it } from "vitest";
import { logConfig } from "./log-config.ts";

const local = { driver: "local" } as const;

describe("the log of a container", () => {
  it("is kept exactly, in 5 parts of 10 MB", () => {
    expect(logConfig({}, local)).toEqual({
      Type: "local",
      Config: { "max-size": `${10 * 2 ** 20}`, "max-file": "5", compress: "false" },
    });
  });

  it("is as the node has it, unless the package says otherwise", () => {
    const defaults = { ...local, max_size: "1m", max_files: 2 };
    expect(logConfig({}, defaults).Config).toMatchObject({ "max-size": `${2 ** 20}`, "max-file": "2" });
    expect(logConfig({ logs: { max_size: 5_000 } }, defaults).Config).toMatchObject({
      "max-size": "5000",
      "max-file": "2",
    });
    expect(logConfig({ logs: { max_files: 1 } }, defaults).Config).toMatchObject({ "max-file": "1" });
  });

  it("is one file of the whole size with Podman", () => {
    expect(logConfig({ logs: { max_size: "1m", max_files: 3 } }, { driver: "k8s-file" })).toEqual({
      Type: "k8s-file",
      Config: { "max-size": `${3 * 2 ** 20}` },
    });
  });

  it("may be another driver's, with its own options only", () => {
    const log_driver = { type: "json-file", options: { "max-size": "1m" } };
    expect(logConfig({ log_driver, logs: { max_size: "9m" } }, local)).toEqual({
      Type: "json-file",
      Config: { "max-size": "1m" },
    });
    expect(logConfig({ log_driver: { type: "none" } }, local)).toEqual({ Type: "none", Config: {} });
  });
});
