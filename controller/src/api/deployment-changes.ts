import { randomBytes } from "node:crypto";
import type { Json } from "@damson/plugin-sdk";
import type { FastifyRequest } from "fastify";
import type { Change } from "../changes/change.ts";
import { applyToDeployment } from "../deployments/apply.ts";
import { createDeployment } from "../deployments/create.ts";
import { deploymentIdOf } from "../deployments/find.ts";
import { forgetUnreachable, removeDeployment } from "../deployments/remove.ts";
import type { Surroundings } from "../deployments/request/read-request.ts";
import type { ControllerParts } from "../parts.ts";
import { settle } from "./deployment-answer.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import type { DeploymentRequest, RolloutRequest } from "./schema/deployments.ts";

/** What requests for deployments are read against. */
function surroundingsOf({ objects, plugins }: ControllerParts): Surroundings {
  return { objects, schedulers: plugins.provided("scheduler").map(({ name }) => name) };
}

/** Makes a deployment. */
export async function create({ parts }: ApiParts, request: FastifyRequest, body: DeploymentRequest) {
  const deploymentId = randomBytes(16).toString("hex");
  const { answer } = await mutate(parts, request, {
    work: (change) =>
      createDeployment(change, surroundingsOf(parts), { deploymentId, request: body, now: parts.now() }),
    made: (made) => ({ kind: "deployments", id: made.deploymentId }),
  });
  return answer;
}

/** Makes a deployment what `body` says. */
export async function apply({ parts }: ApiParts, request: FastifyRequest, ref: string, body: RolloutRequest) {
  return changeOne({ parts }, request, ref, (change, deploymentId) =>
    applyToDeployment(change, surroundingsOf(parts), { deploymentId, request: body, now: parts.now() }),
  );
}

/** Changes the deployment that `ref` means, by id or name. */
export async function changeOne<T extends Json>(
  { parts }: Pick<ApiParts, "parts">,
  request: FastifyRequest,
  ref: string,
  work: (change: Change, deploymentId: string) => T,
): Promise<T> {
  const id = deploymentIdOf(parts.objects, ref);
  const { answer } = await mutate(parts, request, {
    target: { kind: "deployments", id },
    work: (change) => work(change, id),
  });
  return answer;
}

/** Deletes the deployment that `ref` means, if there is one. */
export async function remove(api: ApiParts, request: FastifyRequest, ref: string, force: boolean): Promise<void> {
  const { parts } = api;
  const id = deploymentIdOf(parts.objects, ref);
  await changeOne(api, request, id, (change) => removeDeployment(change, id, parts.now()));
  if (!parts.objects.deployments.get(id)) return;
  if (force) await forgetUnreachable(parts.changes, parts.objects, id);
  await settle(api, id);
}
