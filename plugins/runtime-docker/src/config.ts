import { ArtifactsConfig } from "@damson/artifact";
import { DurationSchema, EnvironmentField, LogsField, MemorySizeSchema, Secret } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { REFERENCE, REFERENCE_LENGTH } from "./image/reference.ts";

const closed = { additionalProperties: false } as const;

/** The plugin's config in plugins.yaml. */
export const DockerConfig = Type.Object(
  {
    socket_path: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Socket of the engine. Default: DOCKER_HOST, else /var/run/docker.sock.",
      }),
    ),
    defaults: Type.Optional(
      Type.Object(
        {
          environment: Type.Optional(EnvironmentField),
          memory_limit: Type.Optional(MemorySizeSchema({ description: "Memory. PLUM_CONTAINER_MEMORY wins." })),
          cpu_limit: Type.Optional(
            Type.Union([Type.String(), Type.Number({ exclusiveMinimum: 0 })], {
              description: "Processor time, in cores. PLUM_CONTAINER_CPUS wins.",
            }),
          ),
          network: Type.Optional(Type.String({ description: "Network. PLUM_CONTAINER_NETWORK_MODE wins." })),
          logs: Type.Optional(LogsField),
        },
        { ...closed, description: "What every container of this node gets, unless its app says otherwise." },
      ),
    ),
    base_image: Type.Optional(
      Type.String({
        pattern: REFERENCE,
        maxLength: REFERENCE_LENGTH,
        default: "debian:12-slim",
        description: "Image in which artifacts run. PLUM_BASE_IMAGE wins.",
      }),
    ),
    host_lib_paths: Type.Optional(
      Type.Array(Type.String({ pattern: "^/[^\\u0000:]*$" }), {
        description:
          "Directories of the host that artifacts see read-only at the same paths. PLUM_HOST_LIB_PATHS, separated by commas, wins.",
      }),
    ),
    artifacts: Type.Optional(ArtifactsConfig),
    registries: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z0-9.-]+(:[0-9]+)?$" }),
        Type.Object({ username: Type.String({ minLength: 1 }), password: Secret() }, closed),
        {
          additionalProperties: false,
          description: "Who to log in as, by registry (`docker.io` is Docker Hub). Before docker_config.",
        },
      ),
    ),
    docker_config: Type.Optional(
      Type.String({
        minLength: 1,
        description: "File of `docker login`. Default: config.json in DOCKER_CONFIG, else in ~/.docker.",
      }),
    ),
    image_gc: Type.Optional(
      Type.Object(
        {
          unused_for: DurationSchema({ description: "How long an image must not have been asked for." }),
        },
        { ...closed, description: "Removes images that this plugin has pulled and no container uses. Default: never." },
      ),
    ),
  },
  closed,
);
export type DockerConfig = Static<typeof DockerConfig>;
