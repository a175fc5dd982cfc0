import { DamsonError } from "@damson/plugin-sdk";
import type { Routes } from "../../http/index.ts";
import { ControllerStatus } from "../schema/controller.ts";
import type { ApiParts } from "./routes.ts";

export function controllerRoute({ controller }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["agent"],
      summary: "How the agent stands with its controller",
      response: { 200: ControllerStatus },
    };
    app.get("/v1/controller", { schema }, async () => {
      if (controller) return controller.status();
      throw new DamsonError("NO_CONTROLLER", "this agent works without a controller", {
        status: 404,
        remedy: "Start it with --controller (DAMSON_CONTROLLER) to have it join one.",
      });
    });
  };
}
