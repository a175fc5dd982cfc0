import { fileURLToPath } from "node:url";
import { answer, type ControllerClient, type DeploymentDetail, type DeploymentRequest } from "@damson/client";
import { until } from "../support/until.ts";

const PROGRAM = fileURLToPath(new URL("service.sh", import.meta.url));

/** What a version of the test's app is made of. */
export interface VersionOptions {
  readonly version: string;
  /** @default the app that runs until it is stopped */
  readonly command?: readonly string[];
  readonly replicas?: number | Record<string, number>;
  /** @default "60s" */
  readonly healthyWithin?: string;
  readonly maxParallel?: number;
}

/** A deployment of an app that has a service of the same name. */
export function deploymentOf(name: string, options: VersionOptions): DeploymentRequest {
  const { version, command = ["bash", PROGRAM], replicas, healthyWithin = "60s", maxParallel = 2 } = options;
  return {
    name,
    ...(replicas !== undefined && { replicas }),
    update: { max_parallel: maxParallel, healthy_within: healthyWithin },
    spec: {
      app: name,
      version,
      pkg: { type: "binary", command: [...command] },
      restart: { policy: "always", delay: "0.2s", max_delay: "1s" },
      update: { min_running: "0.2s" },
      services: [{ name, port: 4_000 }],
    },
  };
}

/** The deployment as the controller tells of it. */
export function detailOf({ api }: ControllerClient, id: string): Promise<DeploymentDetail> {
  return answer(api.GET("/v1/deployments/{id}", { params: { path: { id } } }));
}

/** Waits until the deployment has as many healthy instances as it should, all of its present version. */
export async function settled(client: ControllerClient, id: string, deadlineMs = 60_000): Promise<DeploymentDetail> {
  return until(
    `${id} has settled`,
    async () => {
      const detail = await detailOf(client, id);
      const { healthy, wanted, updated, instances, rollout } = detail.deployment;
      const done = healthy === wanted && instances === wanted && updated === wanted;
      return done && rollout.state !== "in_progress" && rollout.state !== "rolling_back" ? detail : undefined;
    },
    deadlineMs,
  );
}
