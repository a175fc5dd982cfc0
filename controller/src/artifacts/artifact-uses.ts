import type { Deployment } from "../model/deployment.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";

/** Which deployments use which artifact, in any version that they keep. */
export class ArtifactUses {
  readonly #objects: Objects;
  readonly #users = new Map<string, Set<string>>();

  constructor(objects: Objects) {
    this.#objects = objects;
    for (const deployment of objects.deployments.all()) this.#change(undefined, deployment);
    objects.deployments.onChange(({ before, now }) => this.#change(before, now));
  }

  /** Names of the deployments that use the artifact at `url`. */
  of(url: string): string[] {
    const ids = [...(this.#users.get(url) ?? [])];
    return ids.flatMap((id) => this.#objects.deployments.get(id)?.value.name ?? []).sort();
  }

  #change(before: Stored<Deployment> | undefined, now: Stored<Deployment> | undefined): void {
    const old = urlsOf(before);
    const urls = urlsOf(now);
    for (const url of old) if (before && !urls.has(url)) this.#remove(url, before.id);
    for (const url of urls) if (now && !old.has(url)) this.#add(url, now.id);
  }

  #add(url: string, id: string): void {
    const users = this.#users.get(url) ?? new Set();
    this.#users.set(url, users.add(id));
  }

  #remove(url: string, id: string): void {
    const users = this.#users.get(url);
    users?.delete(id);
    if (users?.size === 0) this.#users.delete(url);
  }
}

function urlsOf(deployment: Stored<Deployment> | undefined): Set<string> {
  const entries = deployment?.value.versions.flatMap((version) => version.entries) ?? [];
  return new Set(entries.flatMap(({ artifactUrl }) => artifactUrl ?? []));
}
