import type { BadInput, Places } from "./bad-input.ts";
import { badContainers } from "./containers.ts";
import { badBodies, badDocuments } from "./documents.ts";
import { badArtifacts, badPackages } from "./packages.ts";
import { badProtocol } from "./protocol.ts";
import { badRoutes } from "./routes.ts";

/** Every bad request. */
export function badInputs(places: Places): BadInput[] {
  const parts = [badBodies, badDocuments, badPackages, badArtifacts, badContainers, badRoutes, badProtocol];
  return parts.flatMap((part) => part(places));
}
