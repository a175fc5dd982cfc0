import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Artifact, ControllerClient } from "@damson/client";
import { CliError } from "../cli-error.ts";
import { size } from "../output/human.ts";
import { withProgress } from "../output/progress.ts";

/** A terminal's line changes with each percent; elsewhere each is a line, and fewer do. */
const STEP_PERCENT = { terminal: 1, lines: 25 };

/**
 * Uploads a zip archive, and shows how far it is unless `quiet`.
 *
 * @throws CliError `FILE_UNREADABLE`, and what the controller answers.
 */
export async function uploadArchive(client: ControllerClient, file: string, quiet: boolean): Promise<Artifact> {
  const archive = await openArchive(file);
  const text = `uploading ${basename(file)} (${size(archive.size)})`;
  const step = process.stderr.isTTY ? STEP_PERCENT.terminal : STEP_PERCENT.lines;
  return withProgress(text, quiet, (progress) =>
    client.upload(archive, {
      onProgress: (sent, total) => {
        const percent = total === 0 ? 100 : Math.floor((sent / total) * 100);
        progress.update(`${text}: ${percent - (percent % step)} %`);
      },
    }),
  );
}

async function openArchive(file: string): Promise<Blob> {
  try {
    if ((await stat(file)).isDirectory()) throw new Error("it is a folder");
    return await openAsBlob(file);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    const why = code === "ENOENT" ? "there is no such file" : thrown instanceof Error ? thrown.message : String(thrown);
    throw new CliError("FILE_UNREADABLE", `${file} cannot be read: ${why}`, { cause: thrown });
  }
}
