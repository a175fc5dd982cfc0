import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentClient, answer, type ControllerClient, ProblemError } from "@damson/client";
import { readDocuments } from "../apply/documents.ts";
import { awaitDeployment } from "../cluster/await-deployment.ts";
import { declareDeployment } from "../deploy/declare-deployment.ts";
import { resolveFiles } from "../deploy/local-files.ts";
import { withProgress } from "../output/progress.ts";

/** The clone that this program is part of. */
export const CLONE = fileURLToPath(new URL("../../..", import.meta.url));
/** The deployment that `npm start` shows. */
export const SAMPLE = join(CLONE, "examples", "hello", "deployment.yaml");

const TIMEOUT_MS = 60_000;

/** The sample, ready to be deployed. */
export interface Sample {
  readonly name: string;
  /** Where its app answers, by its spec. */
  readonly url: string | undefined;
  readonly document: { readonly [key: string]: unknown };
}

/** Reads the sample. */
export async function readSample(client: ControllerClient): Promise<Sample> {
  const [document] = await readDocuments(SAMPLE);
  if (!document) throw new Error(`${SAMPLE} is empty`);
  const { folder, value } = document;
  await resolveFiles(client, value, folder, true);
  return { name: String(value.name), url: urlOf(value.spec), document: value };
}

/**
 * Deploys the sample, and waits until it is healthy.
 *
 * @throws DeploymentError, and what the controller answers.
 */
export async function deploySample(
  client: ControllerClient,
  { name, document }: Sample,
  signal: AbortSignal,
): Promise<void> {
  await withProgress(`deploying ${name}`, false, async (progress) => {
    const { version } = await declareDeployment(client, document);
    await awaitDeployment(client, { id: name, goal: "healthy", version, timeoutMs: TIMEOUT_MS, signal }, progress);
  });
}

/**
 * Deletes the sample where an `npm start` of an earlier version has applied it on the agent itself: it has the port that the
 * sample needs.
 *
 * @returns whether it was there.
 */
export async function deleteLocalSample({ api }: AgentClient, app: string): Promise<boolean> {
  const path = { app };
  try {
    const { assignment } = await answer(api.GET("/v1/status/{app}", { params: { path } }));
    const { versions } = await answer(api.GET("/v1/apps/{app}/versions", { params: { path } }));
    const { working_dir } = Object(versions.find(({ current }) => current)?.spec.pkg);
    if (assignment || working_dir !== join(CLONE, "examples", "hello")) return false;
    await answer(api.DELETE("/v1/apps/{app}", { params: { path, query: { wait: true, timeout: "30s" } } }));
    return true;
  } catch (thrown) {
    if (thrown instanceof ProblemError && thrown.problem.status === 404) return false;
    throw thrown;
  }
}

function urlOf(spec: unknown): string | undefined {
  const { services } = Object(spec);
  const [service]: unknown[] = Array.isArray(services) ? services : [];
  const { port } = Object(service);
  return port === undefined ? undefined : `http://127.0.0.1:${port}/`;
}
