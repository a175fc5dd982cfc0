import { ArtifactFields } from "@damson/artifact";
import { ServiceSettings } from "@damson/core/agent";
import { compileSchema, didYouMean, type Segments } from "@damson/core/schema";
import { Type } from "typebox";
import type { EntryRequest } from "../../api/schema/deployments.ts";
import type { ArtifactRecord } from "../../model/artifact.ts";
import type { Entry } from "../../model/deployment.ts";
import type { Stored } from "../../objects/collection.ts";
import type { Objects } from "../../objects/objects.ts";
import type { Findings } from "./findings.ts";

const OWN = "/artifacts/";
const SHOWN = 10;
/** As many as an apply document may have. */
const MAX_SERVICES = 64;
const service = compileSchema(ServiceSettings);
const elsewhere = compileSchema(Type.Object({ url: ArtifactFields.url }));

/** What an artifact makes of an entry. */
type ArtifactPart = Pick<Entry, "app" | "appVersion" | "artifactUrl" | "sha256" | "services" | "startCmd">;

/** The uploaded artifact at `url`. */
export function artifactAt(objects: Objects, url: string): Stored<ArtifactRecord> | undefined {
  if (!url.startsWith(OWN)) return undefined;
  for (const artifact of objects.artifacts.all()) if (artifact.value.url === url) return artifact;
  return undefined;
}

/** An entry in the form of Plum's clients; `undefined` when it has faults, which are then among the findings. */
export function readArtifact(
  { artifactUrl = "", sha256, startCmd = "" }: EntryRequest,
  at: Segments,
  objects: Objects,
  findings: Findings,
): ArtifactPart | undefined {
  if (artifactUrl.startsWith(OWN)) {
    const found = artifactAt(objects, artifactUrl)?.value;
    if (!found) {
      findings.fault([...at, "artifactUrl"], unknownArtifact(artifactUrl, objects), "ARTIFACT_UNKNOWN");
      return undefined;
    }
    if (sha256 !== undefined && sha256.toLowerCase() !== found.sha256) {
      findings.fault([...at, "sha256"], { message: `the artifact has the SHA-256 ${found.sha256}` });
      return undefined;
    }
    const { name, version } = found;
    const services = servicesOf(found, at, findings);
    return { app: name, appVersion: version, artifactUrl, sha256: found.sha256, services, startCmd };
  }
  // The one takes what the other does not, such as a port of 99999.
  if (!URL.canParse(artifactUrl) || !elsewhere.accepts({ url: artifactUrl })) {
    findings.fault([...at, "artifactUrl"], {
      message: `expected /artifacts/… of this controller, or http(s)://…, got "${withoutSecrets(artifactUrl)}"`,
      ...(artifactUrl.startsWith("image:") && { hint: "For an image, give a spec whose pkg has the type docker." }),
    });
    return undefined;
  }
  if (sha256 === undefined) {
    findings.fault([...at, "sha256"], {
      message: "required with a URL elsewhere, but missing",
      hint: "Agents run only what has this SHA-256. An artifact that was uploaded is named by its path, /artifacts/….",
    });
    return undefined;
  }
  const hash = sha256.toLowerCase();
  return { app: fileOf(new URL(artifactUrl)), appVersion: hash.slice(0, 12), artifactUrl, sha256: hash, startCmd };
}

/** Those that an agent takes: Plum's archives may have others, and run all the same. */
function servicesOf({ services }: ArtifactRecord, at: Segments, findings: Findings): ArtifactRecord["services"] {
  const isTaken = (each: unknown): boolean => service.accepts(each);
  const taken = services.filter(isTaken).slice(0, MAX_SERVICES);
  const others = services.filter((each) => !taken.includes(each)).map((each) => `${each.name}:${each.protocol}`);
  if (others.length > 0) {
    const names = others.slice(0, SHOWN).join(", ");
    findings.warn(
      [...at, "artifactUrl"],
      `agents do not register these services of its meta.ini: ${names}. A name has lower-case letters, digits and "-"; a ` +
        `protocol is http, https, tcp, udp or grpc; at most ${MAX_SERVICES} are taken`,
    );
  }
  return taken;
}

/** A login and a query may be secret, and errors are kept in the audit log. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//***@").replace(/\?.*$/s, "?***");
}

/** Nobody has read its meta.ini yet, so it is called after its file. */
function fileOf(url: URL): string {
  const file = url.pathname.split("/").at(-1) ?? "";
  const [, name] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,62})/.exec(file.replace(/(\.zip|\.tar\.gz|\.tgz)$/i, "")) ?? [];
  return name ?? "app";
}

function unknownArtifact(url: string, objects: Objects): { message: string; hint?: string; allowed?: string[] } {
  const app = url.split("_", 1)[0] ?? "";
  const near = [...objects.artifacts.all()]
    .map(({ value }) => ({ url: value.url, rank: value.url.startsWith(`${app}_`) ? 1 : 0, at: value.createdAt }))
    .sort((a, b) => b.rank - a.rank || b.at - a.at)
    .slice(0, SHOWN)
    .map((artifact) => artifact.url);
  const message = `no artifact "${url}" has been uploaded`;
  const hint = didYouMean(url, near) ?? "POST /v1/apps/upload or `damson app upload` brings one here.";
  return { message, hint, ...(near.length > 0 && { allowed: near }) };
}
