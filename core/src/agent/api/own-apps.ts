import { DamsonError } from "@damson/plugin-sdk";
import { assignmentOf } from "../document.ts";
import type { ApiParts } from "./routes.ts";

/**
 * Refuses to change what a controller has assigned, unless the caller names the assignment, as a controller does. It keeps
 * people from changes that the controller would undo; it is no matter of rights.
 *
 * @param assignment id of the instance, as the caller names it
 * @throws DamsonError `ASSIGNED_BY_CONTROLLER` (409)
 */
export function assertOwn(
  { agent, controller }: Pick<ApiParts, "agent" | "controller">,
  name: string,
  assignment?: string,
): void {
  const document = agent.find(name)?.document.value;
  const assigned = document && assignmentOf(document);
  if (!assigned || assigned.instance_id === assignment || controller?.hasLeft(name)) return;
  throw new DamsonError(
    "ASSIGNED_BY_CONTROLLER",
    `"${name}" is an instance of the deployment "${assigned.deployment}", which a controller keeps`,
    {
      status: 409,
      remedy: `Change the deployment. Where there is no controller any more, DELETE /v1/apps/${name}?assignment=${name} ends the app.`,
    },
  );
}
