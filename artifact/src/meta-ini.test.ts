import { expect, it } from "vitest";
import { parseMeta } from "./meta-ini.ts";

it("reads name, version and services, with = or :, in any case, and leaves out what is neither", () => {
  const text = [
    "# a comment = no value",
    "; service=no:http:1",
    "Name = shop",
    "VERSION: 1.2.3\r",
    "service=api:http:8080",
    "service = admin:tcp:9090",
    "service=broken:http",
    "service=zero:http:0",
    "service=many:http:1:2",
    "color=blue",
    "no separator",
    "=nothing",
    "",
  ].join("\n");
  expect(parseMeta(text)).toEqual({
    name: "shop",
    version: "1.2.3",
    services: [
      { name: "api", protocol: "http", port: 8080 },
      { name: "admin", protocol: "tcp", port: 9090 },
    ],
  });
});

it("has nothing where nothing is said", () => {
  expect(parseMeta("")).toEqual({ services: [] });
  expect(parseMeta("name=\nversion:")).toEqual({ services: [] });
});
