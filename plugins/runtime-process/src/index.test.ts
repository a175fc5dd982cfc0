import { readFileSync } from "node:fs";
import { pluginContract } from "@damson/plugin-sdk";
import { expect, it } from "vitest";
import plugin, { ProcessConfig } from "./index.ts";

it("is a plugin of this contract, whose manifest announces what it contributes", () => {
  const { damson } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(pluginContract(plugin)).toBe(damson.contract);
  expect(damson.provides).toEqual(["runtime:process"]);
  expect(plugin.name).toBe("runtime-process");
});

it("has the schema of its config beside it", () => {
  const written = JSON.parse(readFileSync(new URL("../config.schema.json", import.meta.url), "utf8"));
  expect(written).toMatchObject(JSON.parse(JSON.stringify(ProcessConfig)));
});
