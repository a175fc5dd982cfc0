import { type Static, type TObject, Type } from "typebox";

/** Fields of a `pkg` that say where its archive is: properties for the schema of a package type. */
export const ArtifactFields = {
  path: Type.Optional(Type.String({ pattern: "^/[^\\u0000]*$", description: "Absolute path of the archive." })),
  url: Type.Optional(
    Type.String({
      format: "uri",
      pattern: "^https?://",
      description: "Where to download the archive: http or https.",
    }),
  ),
  sha256: Type.Optional(
    Type.String({ pattern: "^[0-9a-fA-F]{64}$", description: "SHA-256 of the archive; required with url." }),
  ),
};

/** Options of an object schema with {@link ArtifactFields}: one of `path` and `url`, and `sha256` with `url`. */
export const ArtifactRules = {
  oneOf: [{ required: ["path"] }, { required: ["url"] }],
  // The word of draft-07, which hosts check by.
  dependencies: { url: ["sha256"] },
};

/** Where an archive is; matches {@link ArtifactFields} and {@link ArtifactRules}. */
export type ArtifactSource = Static<TObject<typeof ArtifactFields>>;
