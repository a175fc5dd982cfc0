import type { EndpointsRecord } from "../model/endpoints.ts";
import type { Collection, Stored } from "../objects/collection.ts";

/** Which instances offer a service, by its name. */
export class ServiceIndex {
  readonly #instances = new Map<string, Map<string, EndpointsRecord>>();

  constructor(endpoints: Collection<EndpointsRecord>) {
    for (const stored of endpoints.all()) this.#add(stored);
    endpoints.onChange(({ before, now }) => {
      if (before) this.#remove(before);
      if (now) this.#add(now);
    });
  }

  /** Names of all services, sorted. */
  names(): string[] {
    return [...this.#instances.keys()].sort();
  }

  /** In no certain order. */
  of(service: string): Iterable<EndpointsRecord> {
    return this.#instances.get(service)?.values() ?? [];
  }

  #add({ id, value }: Stored<EndpointsRecord>): void {
    for (const { serviceName } of value.endpoints) {
      const instances = this.#instances.get(serviceName) ?? new Map<string, EndpointsRecord>();
      this.#instances.set(serviceName, instances.set(id, value));
    }
  }

  #remove({ id, value }: Stored<EndpointsRecord>): void {
    for (const { serviceName } of value.endpoints) {
      const instances = this.#instances.get(serviceName);
      instances?.delete(id);
      if (instances?.size === 0) this.#instances.delete(serviceName);
    }
  }
}
