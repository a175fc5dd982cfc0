import { readFileSync } from "node:fs";
import { pluginContract } from "@damson/plugin-sdk";
import { expect, it } from "vitest";
import plugin, { createScheduler } from "./index.ts";

it("is a plugin of this contract, whose manifest announces what it contributes", () => {
  const { damson } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(pluginContract(plugin)).toBe(damson.contract);
  expect(damson.provides).toEqual([`scheduler:${createScheduler().name}`]);
  expect(plugin.name).toBe("scheduler");
});
