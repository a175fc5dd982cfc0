import { type LogsField, memoryBytes } from "@damson/plugin-sdk";
import type { HostConfig } from "dockerode";
import type { DockerPackage } from "./package-schema.ts";

/** How logs are kept where a package does not say. */
export interface LogSettings extends LogsField {
  /** Docker's `local` keeps every byte as it is, where its usual `json-file` changes what is no UTF-8. */
  readonly driver: "local" | "k8s-file";
}

/** The log driver of a container. */
export function logConfig(
  { logs, log_driver }: Pick<DockerPackage, "logs" | "log_driver">,
  defaults: LogSettings,
): NonNullable<HostConfig["LogConfig"]> {
  if (log_driver) return { Type: log_driver.type, Config: log_driver.options ?? {} };
  const size = memoryBytes(logs?.max_size ?? defaults.max_size ?? "10m");
  const files = logs?.max_files ?? defaults.max_files ?? 5;
  // Podman has one file only.
  if (defaults.driver === "k8s-file") return { Type: defaults.driver, Config: { "max-size": `${size * files}` } };
  return {
    Type: defaults.driver,
    // Not compressed: the size is bounded as it is, and every reader would have to unpack it.
    Config: { "max-size": `${size}`, "max-file": `${files}`, compress: "false" },
  };
}
