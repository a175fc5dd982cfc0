export { Artifacts, type ArtifactsOptions, type PrepareOptions } from "./artifacts.ts";
export { checkSource } from "./check-source.ts";
export { ArtifactsConfig } from "./config.ts";
export { diskError } from "./disk-error.ts";
export { inspectZip, type ZipContents } from "./inspect-zip.ts";
export { type ArtifactMeta, type MetaService, parseMeta, readArtifactMeta } from "./meta-ini.ts";
export { ArtifactFields, ArtifactRules, type ArtifactSource } from "./source.ts";
