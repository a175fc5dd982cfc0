/** The registry of an image reference that names none. */
export const DOCKER_HUB = "docker.io";

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
