import { type Static, Type } from "typebox";
import { closed, ResourceVersion } from "./common.ts";

export const Artifact = Type.Object(
  {
    artifactId: Type.String(),
    name: Type.String(),
    version: Type.String(),
    url: Type.String({ description: "Path on this controller." }),
    sha256: Type.String(),
    sizeBytes: Type.Integer(),
    createdAt: Type.Integer({ description: "Unix seconds." }),
    type: Type.Literal("zip"),
    services: Type.Array(Type.Object({ name: Type.String(), protocol: Type.String(), port: Type.Integer() }), {
      description: "The service= lines of its meta.ini.",
    }),
    usedBy: Type.Array(Type.String(), { description: "Names of the deployments that use it." }),
    resourceVersion: ResourceVersion,
  },
  { $id: "Artifact" },
);
export type Artifact = Static<typeof Artifact>;
export const ArtifactList = Type.Array(Artifact);
export const ArtifactParams = Type.Object({ artifactId: Type.String({ pattern: "^[0-9a-f]{32}$" }) }, closed);
export const ArtifactFileParams = Type.Object(
  { file: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._+-]{0,250}\\.zip$" }) },
  closed,
);
