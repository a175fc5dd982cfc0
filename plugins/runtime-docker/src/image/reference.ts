/** The registry of an image reference that names none. */
export const DOCKER_HUB = "docker.io";

const HOST = "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?";
const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const DIGEST = "[A-Za-z][A-Za-z0-9+._-]*:[0-9A-Fa-f]{32,128}";

/**
 * The form of an image reference, as Docker's own grammar has it. Clients put it into paths of the engine's API as it is:
 * anything else could be an address there.
 */
export const REFERENCE = `^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*(?::${TAG})?(?:@${DIGEST})?$`;

/** Most characters of a reference. */
export const REFERENCE_LENGTH = 512;

/** The registry in an image reference: the part before the first slash, where it looks like a host. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  return isHost ? first : DOCKER_HUB;
}

/** The reference with a tag: an engine that is given none pulls every tag there is. */
export function withTag(image: string): string {
  const name = image.slice(image.lastIndexOf("/") + 1);
  return name.includes(":") || name.includes("@") ? image : `${image}:latest`;
}
