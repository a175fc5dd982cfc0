import { readFileSync } from "node:fs";
import { usageError } from "../cli-error.ts";
import type { Settings } from "./resolve.ts";

/**
 * The token that the settings give, if any.
 *
 * @throws CliError (exit code 2) when the file cannot be read or is empty.
 */
export function readToken({ token, tokenFile }: Pick<Settings, "token" | "tokenFile">): string | undefined {
  if (tokenFile === undefined) return token;
  const text = readTokenFile(tokenFile).trim();
  if (text === "") throw usageError(`the token file ${tokenFile} is empty`);
  return text;
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
    throw usageError(`the token file ${file} cannot be read: ${code}`);
  }
}
