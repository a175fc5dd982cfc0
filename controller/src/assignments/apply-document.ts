import type { JsonObject } from "@damson/plugin-sdk";
import { artifactSignature } from "../artifacts/signature.ts";
import type { Assignment } from "../model/assignment.ts";
import { type Deployment, type Entry, entryOf } from "../model/deployment.ts";
import type { ControllerParts } from "../parts.ts";

const ARTIFACTS = "/artifacts/";

/**
 * What an assignment's agent is to run, as its `/v1/apply` takes it: the entry's own spec, or one made of the artifact of
 * Plum's clients. Its app is named by the instance, since every instance is an app of its own there; the app's own name goes
 * along in `assignment`. URLs of artifacts are relative to `base`. `undefined` when the version lacks the entry.
 */
export function applyDocument(
  deployment: Deployment,
  assignment: Assignment,
  { controllerId, artifactKey, base = "" }: Pick<ControllerParts, "controllerId" | "artifactKey"> & { base?: string },
): JsonObject | undefined {
  const { instanceId, deploymentId, specVersion } = assignment;
  const entry = entryOf(deployment, specVersion, assignment.entry);
  if (!entry) return undefined;
  return {
    ...(entry.spec ?? specOfArtifact(entry, artifactKey, base)),
    app: instanceId,
    version: entry.appVersion,
    assignment: {
      instance_id: instanceId,
      app: entry.app,
      deployment: deployment.name,
      deployment_id: deploymentId,
      spec_version: specVersion,
      controller_id: controllerId,
    },
  };
}

function specOfArtifact(entry: Entry, artifactKey: string, base: string): JsonObject {
  const { artifactUrl = "", sha256 = "", startCmd = "", services = [] } = entry;
  return {
    pkg: {
      type: "artifact",
      url: artifactUrl.startsWith(ARTIFACTS) ? `${base}${signed(artifactUrl, artifactKey)}` : artifactUrl,
      sha256,
      ...(startCmd.trim() !== "" && { command: ["/bin/sh", "-c", startCmd] }),
    },
    ...(services.length > 0 && { services: services.map((service) => ({ ...service })) }),
  };
}

function signed(path: string, artifactKey: string): string {
  return `${path}?sig=${artifactSignature(artifactKey, path.slice(ARTIFACTS.length))}`;
}
