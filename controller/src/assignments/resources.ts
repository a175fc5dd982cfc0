import { memoryBytes, type Resources } from "@damson/plugin-sdk";
import type { Entry } from "../model/deployment.ts";

/** What one instance of an entry asks for. */
export interface InstanceResources extends Resources {
  /** Host ports, e.g. `8080/tcp`. */
  readonly ports: readonly string[];
}

/**
 * What an instance of an entry asks for: `pkg.resources` and `pkg.ports` of its spec, by the names that all runtimes share.
 * What cannot be read counts as nothing: the runtime refuses it where it is applied.
 */
export function resourcesOf({ spec }: Pick<Entry, "spec">): InstanceResources {
  const { resources, ports } = Object(Object(spec).pkg ?? Object(spec).package);
  const cpu = Number(Object(resources).cpu_limit ?? Number.NaN);
  const memory = bytesOf(Object(resources).memory_limit);
  return {
    ...(Number.isFinite(cpu) && cpu > 0 && { cpu }),
    ...(memory !== undefined && { memory }),
    ports: Array.isArray(ports) ? ports.flatMap(portOf) : [],
  };
}

function bytesOf(size: unknown): number | undefined {
  if (typeof size !== "string" && typeof size !== "number") return undefined;
  try {
    return memoryBytes(size);
  } catch {
    return undefined;
  }
}

/** A port that the engine may choose takes none from others. */
function portOf(port: unknown): string[] {
  const { host_port: number, protocol = "tcp" } = Object(port);
  return Number.isInteger(number) && number > 0 ? [`${number}/${String(protocol)}`] : [];
}
