import { type ControllerClient, type DeploymentAnswer, type DeploymentRequest, ProblemError } from "@damson/client";
import { once } from "../cluster/once.ts";

/**
 * Declares a deployment: the one of its name gets a new version when it differs from the present one, else it is made.
 *
 * @throws what the controller answers: `SPEC_INVALID`, `NAME_INVALID` and so on.
 */
export async function declareDeployment(
  { api }: ControllerClient,
  document: { readonly [key: string]: unknown },
): Promise<DeploymentAnswer> {
  // The controller checks the document; what it says of a wrong one is better than what could be said here.
  const body = document as DeploymentRequest;
  const id = typeof document.name === "string" ? document.name : "";
  if (id !== "" && (await exists(api, id))) {
    return once((headers) => api.PUT("/v1/deployments/{id}", { params: { path: { id } }, body, headers }));
  }
  return once((headers) => api.POST("/v1/deployments", { body, headers }));
}

async function exists(api: ControllerClient["api"], id: string): Promise<boolean> {
  try {
    await api.GET("/v1/deployments/{id}", { params: { path: { id } } });
    return true;
  } catch (thrown) {
    // A name that cannot be one is refused with its reason when it is declared.
    if (thrown instanceof ProblemError && [400, 404].includes(thrown.problem.status)) return false;
    throw thrown;
  }
}
