import type { Runtime } from "./runtime/runtime.ts";

declare const type: unique symbol;

/** Names something that one plugin provides and others look up, together with its type. Make it with {@link serviceRef}. */
export interface ServiceRef<T> {
  /** `kind:name`, as in the manifests' `provides` and `requires`. */
  readonly id: string;
  readonly [type]?: T;
}

/**
 * A typed reference. Export it from the package that describes `T`, so that provider and user share it.
 *
 * @example export const vault = serviceRef<Vault>("secrets:vault");
 */
export function serviceRef<T>(id: `${string}:${string}`): ServiceRef<T> {
  return { id };
}

/** Reference of a runtime. */
export function runtimeRef(name: string): ServiceRef<Runtime> {
  return serviceRef<Runtime>(`runtime:${name}`);
}
