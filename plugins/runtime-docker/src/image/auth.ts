import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { DamsonError, errorText } from "@damson/plugin-sdk";
import { execa } from "execa";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { DockerConfig } from "../config.ts";
import { DOCKER_HUB } from "./reference.ts";

/** Docker Hub's name in the file of `docker login`. */
const HUB_KEY = "https://index.docker.io/v1/";
const HELPER_MS = 10_000;

/** Who to log in as. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

/** The parts of the file of `docker login` that matter; it may hold more. */
const LoginFile = Type.Object({
  auths: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ auth: Type.Optional(Type.String()), identitytoken: Type.Optional(Type.String()) }),
    ),
  ),
  credsStore: Type.Optional(Type.String()),
  credHelpers: Type.Optional(Type.Record(Type.String(), Type.String())),
});
type LoginFile = Static<typeof LoginFile>;

const HelperAnswer = Type.Object({ Username: Type.String(), Secret: Type.String() });

/** Where the file of `docker login` is. */
export function loginFilePath(config: DockerConfig, env: { readonly DOCKER_CONFIG?: string | undefined }): string {
  return config.docker_config ?? join(env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json");
}

/**
 * Who to log in as at a registry: as plugins.yaml says, else as `docker login` has noted; `undefined` for nobody.
 *
 * @throws DamsonError `REGISTRY_LOGIN_FAILED` when the file, or the helper that it names, cannot be used. Never shows a secret.
 */
export async function registryAuth(
  registry: string,
  registries: DockerConfig["registries"],
  loginFile: string,
): Promise<RegistryAuth | undefined> {
  const configured = registries?.[registry];
  const serveraddress = registry === DOCKER_HUB ? HUB_KEY : registry;
  if (configured) return { ...configured, serveraddress };
  const file = await readLoginFile(loginFile);
  const keys = registry === DOCKER_HUB ? [HUB_KEY, "index.docker.io", DOCKER_HUB] : [registry, `https://${registry}`];
  for (const key of keys) {
    const helper = file.credHelpers?.[key] ?? file.credsStore;
    const auth = helper && (await fromHelper(helper, key));
    if (auth) return { ...auth, serveraddress };
  }
  const hosts = keys.map(hostOf);
  const noted = Object.entries(file.auths ?? {}).flatMap(([key, entry]) => {
    const auth = hosts.includes(hostOf(key)) && fromText(entry);
    return auth ? [{ key, auth }] : [];
  });
  const found = noted.find(({ key }) => keys.includes(key)) ?? noted[0];
  return found && { ...found.auth, serveraddress };
}

/** Older clients have noted addresses, e.g. `https://ghcr.io/v2/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

async function readLoginFile(path: string): Promise<LoginFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw failed(`${path} cannot be read: ${errorText(error)}`);
  }
  const file = parsed(text);
  if (Value.Check(LoginFile, file)) return file;
  throw failed(`${path} is not a file that \`docker login\` has written`);
}

/** `undefined` for what is no JSON: it may hold secrets, and so may what the parser says of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromText(entry: NonNullable<LoginFile["auths"]>[string]): Omit<RegistryAuth, "serveraddress"> | undefined {
  if (entry.identitytoken) return { identitytoken: entry.identitytoken };
  const text = Buffer.from(entry.auth ?? "", "base64")
    .toString("utf8")
    .replace(/\0+$/, "");
  const colon = text.indexOf(":");
  return colon > 0 ? { username: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}

/** Asks a `docker-credential-…` program, as Docker's own clients do. */
async function fromHelper(name: string, server: string): Promise<Omit<RegistryAuth, "serveraddress"> | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw failed(`"${name}" cannot be the name of a credential helper`);
  const result = await execa(`docker-credential-${name}`, ["get"], {
    input: server,
    timeout: HELPER_MS,
    reject: false,
  });
  if (result.failed) {
    if (/credentials not found/i.test(`${result.stdout}${result.stderr}`)) return undefined;
    throw failed(`docker-credential-${name} failed: ${result.code ?? `exit code ${result.exitCode}`}`);
  }
  const answer = parsed(result.stdout);
  if (!Value.Check(HelperAnswer, answer)) throw failed(`docker-credential-${name} has not answered as it should`);
  const { Username, Secret } = answer;
  return Username === "<token>" ? { identitytoken: Secret } : { username: Username, password: Secret };
}

function failed(why: string): DamsonError {
  return new DamsonError("REGISTRY_LOGIN_FAILED", `who to log in as at the registry is not known: ${why}`, {
    status: 422,
    remedy: "Correct it, or give the registry in the plugin's `registries`.",
  });
}
