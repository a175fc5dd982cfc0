import { readFileSync } from "node:fs";
import { checkToken, readTokenFile } from "@damson/core/http";
import type { Logger } from "pino";
import { usageError } from "../cli-error.ts";
import type { Settings } from "./resolve.ts";

/**
 * The token that a server with these settings asks for, if any.
 *
 * @throws DamsonError `TOKEN_…` when it cannot be had, or is too short.
 */
export async function serverToken(
  { token, tokenFile }: Pick<Settings, "token" | "tokenFile">,
  logger: Logger,
): Promise<string | undefined> {
  if (tokenFile !== undefined) return readTokenFile(tokenFile, logger);
  return token === undefined ? undefined : checkToken(token, "DAMSON_TOKEN");
}

/**
 * The certificate and the key that a server with these settings uses, if any.
 *
 * @throws CliError (exit code 2) when there is one without the other, or one of them cannot be read.
 */
export function readTls({
  tlsCert,
  tlsKey,
}: Pick<Settings, "tlsCert" | "tlsKey">): { cert: string; key: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw usageError("a certificate and its key go together: give both --tls-cert and --tls-key");
  }
  return { cert: readPem(tlsCert), key: readPem(tlsKey) };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
    throw usageError(`${file} cannot be read: ${code}`);
  }
}
