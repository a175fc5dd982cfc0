import { DurationSchema, durationMs, MemorySizeSchema, memoryBytes } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import type { ArchiveBounds } from "./archive-writer.ts";
import type { DownloadBounds } from "./download.ts";
import { RateLimit } from "./rate-limit.ts";

const DEFAULTS = {
  max_entries: 10_000,
  max_unpacked: "2g",
  max_ratio: 200,
  max_download: "1g",
  download_timeout: "14m",
} as const;

/** Bounds on artifacts in the config of a plugin, as its property `artifacts`: errors name them so. */
export const ArtifactsConfig = Type.Object(
  {
    max_entries: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: DEFAULTS.max_entries,
        description: "An archive with more files and directories is refused.",
      }),
    ),
    max_unpacked: Type.Optional(
      MemorySizeSchema({
        default: DEFAULTS.max_unpacked,
        description: "An archive that unpacks to more than this is refused.",
      }),
    ),
    max_ratio: Type.Optional(
      Type.Number({
        minimum: 1,
        default: DEFAULTS.max_ratio,
        description: "An archive that unpacks to more than this many times its own size is refused.",
      }),
    ),
    max_download: Type.Optional(
      MemorySizeSchema({
        default: DEFAULTS.max_download,
        description: "A download is broken off beyond this size.",
      }),
    ),
    max_rate: Type.Optional(
      MemorySizeSchema({
        description:
          "All downloads together take no more bytes in a second; a low one may need a longer download_timeout. Default: no bound.",
      }),
    ),
    download_timeout: Type.Optional(
      DurationSchema({
        default: DEFAULTS.download_timeout,
        description: "A download, with all its tries, must end within this time.",
      }),
    ),
  },
  { additionalProperties: false, description: "Bounds on artifacts." },
);
export type ArtifactsConfig = Static<typeof ArtifactsConfig>;

/** What a config comes to, with its defaults. */
export function boundsOf(config: ArtifactsConfig): { archive: ArchiveBounds; download: DownloadBounds } {
  const { max_entries, max_unpacked, max_ratio, max_download, max_rate, download_timeout } = { ...DEFAULTS, ...config };
  return {
    archive: { maxEntries: max_entries, maxUnpacked: memoryBytes(max_unpacked), maxRatio: max_ratio },
    download: {
      maxBytes: memoryBytes(max_download),
      timeoutMs: durationMs(download_timeout),
      rate: max_rate === undefined ? undefined : new RateLimit(memoryBytes(max_rate)),
    },
  };
}
