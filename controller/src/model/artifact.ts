/** An uploaded archive. No interface: those are not JSON to TypeScript, as the answer of a change must be. */
export type ArtifactRecord = {
  readonly artifactId: string;
  /** Of its meta.ini. */
  readonly name: string;
  readonly version: string;
  /** `/artifacts/<name>_<version>_<first 8 of sha256>.zip` */
  readonly url: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly type: "zip";
  /** The `service=` lines of its meta.ini. */
  readonly services: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
};
