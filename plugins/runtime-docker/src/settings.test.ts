import { describe, expect, it } from "vitest";
import type { DockerConfig } from "./config.ts";
import { readSettings } from "./settings.ts";

const CONFIG: DockerConfig = {
  defaults: {
    environment: { A: "config", B: "config" },
    memory_limit: "256m",
    cpu_limit: 0.5,
    network: "back",
    logs: { max_size: "1m" },
  },
  base_image: "debian:13",
  host_lib_paths: ["/opt/lib"],
};

const refused = (variable: string, value: string) =>
  expect.objectContaining({
    code: "CONTAINER_SETTING_INVALID",
    status: 400,
    message: expect.stringContaining(`${variable}: expected`),
    remedy: expect.stringContaining(variable),
    ...(value === "" ? {} : { message: expect.stringContaining(`got "${value}"`) }),
  });

describe("what every container of the node gets", () => {
  it("has defaults", () => {
    expect(readSettings({}, {})).toEqual({
      environment: {},
      memoryLimit: undefined,
      cpuLimit: undefined,
      network: undefined,
      logs: {},
      baseImage: "debian:12-slim",
      hostLibPaths: [],
    });
  });

  it("is what plugins.yaml says", () => {
    expect(readSettings(CONFIG, {})).toEqual({
      environment: { A: "config", B: "config" },
      memoryLimit: "256m",
      cpuLimit: 0.5,
      network: "back",
      logs: { max_size: "1m" },
      baseImage: "debian:13",
      hostLibPaths: ["/opt/lib"],
    });
  });

  it("is what Plum's variables say, before plugins.yaml", () => {
    const env = {
      PLUM_CONTAINER_ENV: "B=plum,C=plum",
      PLUM_CONTAINER_MEMORY: "1g",
      PLUM_CONTAINER_CPUS: "1.5",
      PLUM_CONTAINER_NETWORK_MODE: "host",
      PLUM_BASE_IMAGE: "alpine:3",
      PLUM_HOST_LIB_PATHS: "/usr/lib/x, /opt/y ,",
    };
    expect(readSettings(CONFIG, env)).toEqual({
      environment: { A: "config", B: "plum", C: "plum" },
      memoryLimit: "1g",
      cpuLimit: "1.5",
      network: "host",
      logs: { max_size: "1m" },
      baseImage: "alpine:3",
      hostLibPaths: ["/usr/lib/x", "/opt/y"],
    });
  });

  it("is not changed by variables that are empty", () => {
    const names = ["ENV", "MEMORY", "CPUS", "NETWORK_MODE"].map((name) => `PLUM_CONTAINER_${name}`);
    const env = Object.fromEntries([...names, "PLUM_BASE_IMAGE", "PLUM_HOST_LIB_PATHS"].map((name) => [name, ""]));
    expect(readSettings(CONFIG, env)).toEqual(readSettings(CONFIG, {}));
  });

  it.each([
    ["A=1", { A: "1" }],
    ["A=1,B=2", { A: "1", B: "2" }],
    [" A=1 , B=2 ", { A: "1", B: "2" }],
    ["A=", { A: "" }],
    ["A=x=y", { A: "x=y" }],
    ["HOSTS=a,b,c,OTHER=1", { HOSTS: "a,b,c", OTHER: "1" }],
    ["TEXT=two\nlines", { TEXT: "two\nlines" }],
    ["__proto__=x", Object.fromEntries([["__proto__", "x"]])],
  ])("PLUM_CONTAINER_ENV=%j is %j", (text, expected) => {
    expect(Object.entries(readSettings({}, { PLUM_CONTAINER_ENV: text }).environment)).toEqual(
      Object.entries(expected),
    );
  });

  it.each([
    ["PLUM_CONTAINER_ENV", "A", "A"],
    ["PLUM_CONTAINER_ENV", "1A=x", "1A=x"],
    ["PLUM_CONTAINER_ENV", "=x", "=x"],
    ["PLUM_CONTAINER_ENV", "A-B=x,C=1", "A-B=x"],
    ["PLUM_CONTAINER_MEMORY", "lots", "lots"],
    ["PLUM_CONTAINER_MEMORY", "-1", "-1"],
    ["PLUM_CONTAINER_CPUS", "all", "all"],
    ["PLUM_CONTAINER_CPUS", "0", "0"],
    ["PLUM_CONTAINER_CPUS", "-1", "-1"],
    ["PLUM_CONTAINER_CPUS", "Infinity", "Infinity"],
    ["PLUM_BASE_IMAGE", "../containers/json?", "../containers/json?"],
    ["PLUM_HOST_LIB_PATHS", "/usr/lib,lib", "lib"],
    ["PLUM_HOST_LIB_PATHS", "/usr/lib:/lib", "/usr/lib:/lib"],
  ])("%s=%j is refused", (variable, text, shown) => {
    expect(() => readSettings({}, { [variable]: text })).toThrow(refused(variable, shown));
  });
});
