import { expect } from "vitest";
import { program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { AWKWARD, CANARY } from "./awkward.ts";
import type { CaseDefinition } from "./case-definition.ts";

async function environmentOf(scene: Scene, declared: Readonly<Record<string, string>>) {
  const agent = await scene.agent();
  const instance = scene.instance(program({ kind: "prints-environment" }, { environment: declared }));
  const handle = await agent.run(instance);
  expect(await agent.exit(handle)).toMatchObject({ code: 0 });
  const lines = await agent.lines(handle, { stream: "stdout" });
  const seen = Object.fromEntries(lines.map(({ text }) => [text.replace(/=.*/s, ""), text.replace(/^[^=]*=/, "")]));
  return { instance, seen };
}

/** What a unit sees of its environment. */
export const environmentCases: readonly CaseDefinition[] = [
  {
    name: "a unit sees the environment that its package declares, to the letter",
    async run(scene) {
      const { seen } = await environmentOf(scene, { GREETING: AWKWARD, EMPTY: "" });
      expect(seen).toMatchObject({ GREETING: AWKWARD, EMPTY: "" });
    },
  },
  {
    name: "a unit sees the injected names",
    async run(scene) {
      const { instance, seen } = await environmentOf(scene, {});
      expect(seen).toMatchObject(instance.environment);
    },
  },
  {
    name: "injected names win over those that the package declares",
    async run(scene) {
      const { instance, seen } = await environmentOf(scene, { DAMSON_APP: "forged", DAMSON_INSTANCE_ID: "forged" });
      expect(seen).toMatchObject(instance.environment);
    },
  },
  {
    name: "a unit sees nothing of the agent's own environment",
    async run(scene) {
      process.env[CANARY] = "must not be seen";
      try {
        const { seen } = await environmentOf(scene, {});
        expect(Object.keys(seen)).not.toContain(CANARY);
      } finally {
        delete process.env[CANARY];
      }
    },
  },
];
