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
/** The right to fetch it without the token, as agents' runtimes have it. */
export const ArtifactFileQuery = Type.Object(
  {
    sig: Type.Optional(
      Type.String({ maxLength: 256, description: "Signature of the file's name, in place of a token." }),
    ),
  },
  closed,
);

/** For the document alone: the form is read as it comes. */
export const UploadForm = Type.Object({
  file: Type.Unsafe<unknown>({
    type: "string",
    contentMediaType: "application/octet-stream",
    description: "A zip archive with start.sh and meta.ini (name=, version=).",
  }),
});
