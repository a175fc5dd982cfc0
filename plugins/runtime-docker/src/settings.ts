import { DamsonError, type LogsField, type MemorySize, memoryBytes } from "@damson/plugin-sdk";
import type { DockerConfig } from "./config.ts";
import { REFERENCE, REFERENCE_LENGTH } from "./image/reference.ts";

/** What every container of the node gets, unless its app says otherwise. */
export interface NodeSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryLimit: MemorySize | undefined;
  readonly cpuLimit: string | number | undefined;
  readonly network: string | undefined;
  readonly logs: LogsField;
  readonly baseImage: string;
  readonly hostLibPaths: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The settings of the node: Plum's variables, else plugins.yaml, else defaults.
 *
 * @throws DamsonError `CONTAINER_SETTING_INVALID` that names the variable.
 */
export function readSettings(
  { defaults = {}, base_image, host_lib_paths = [] }: DockerConfig,
  env: Variables,
): NodeSettings {
  return {
    environment: { ...defaults.environment, ...pairs("PLUM_CONTAINER_ENV", env) },
    memoryLimit: memory(env) ?? defaults.memory_limit,
    cpuLimit: cpus(env) ?? defaults.cpu_limit,
    network: env.PLUM_CONTAINER_NETWORK_MODE || defaults.network,
    logs: defaults.logs ?? {},
    baseImage: image(env) ?? base_image ?? "debian:12-slim",
    hostLibPaths: paths(env) ?? host_lib_paths,
  };
}

/** `NAME=value,NAME=value`; a comma that no name follows belongs to the value. */
function pairs(variable: string, env: Variables): Record<string, string> {
  const parts = (env[variable] ?? "").split(/,(?=\s*[A-Za-z_][A-Za-z0-9_]*=)/).map((part) => part.trim());
  return Object.fromEntries(
    parts.filter(Boolean).map((part) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(part) ?? [];
      if (name === undefined || value === undefined) throw invalid(variable, part, "NAME=value,NAME=value");
      return [name, value];
    }),
  );
}

function image({ PLUM_BASE_IMAGE: name }: Variables): string | undefined {
  if (!name || (name.length <= REFERENCE_LENGTH && new RegExp(REFERENCE).test(name))) return name || undefined;
  throw invalid("PLUM_BASE_IMAGE", name, "a reference of an image, such as debian:12-slim");
}

function memory({ PLUM_CONTAINER_MEMORY: size }: Variables): string | undefined {
  if (!size) return undefined;
  try {
    memoryBytes(size);
    return size;
  } catch {
    throw invalid("PLUM_CONTAINER_MEMORY", size, "bytes, or a number with a unit, such as 512m");
  }
}

function cpus({ PLUM_CONTAINER_CPUS: text }: Variables): string | undefined {
  if (!text) return undefined;
  if (!(Number(text) > 0 && Number.isFinite(Number(text))))
    throw invalid("PLUM_CONTAINER_CPUS", text, "a number of cores, such as 0.5");
  return text;
}

function paths({ PLUM_HOST_LIB_PATHS: text }: Variables): string[] | undefined {
  if (!text) return undefined;
  const all = text
    .split(",")
    .map((path) => path.trim())
    .filter(Boolean);
  const wrong = all.find((path) => !path.startsWith("/") || path.includes(":"));
  if (wrong !== undefined) throw invalid("PLUM_HOST_LIB_PATHS", wrong, "absolute paths, separated by commas");
  return all;
}

function invalid(variable: string, value: string, expected: string): DamsonError {
  return new DamsonError("CONTAINER_SETTING_INVALID", `${variable}: expected ${expected}, got "${value}"`, {
    status: 400,
    remedy: `Correct ${variable} in the agent's environment or .env, or unset it.`,
  });
}
