import type { Command } from "commander";
import { uploadArchive } from "../cluster/upload.ts";
import { withController } from "../cluster/with-controller.ts";
import { plain } from "../output/plain.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson app upload` */
export function appUploadCommand(): Command {
  return clusterCommand("upload", "upload a zip archive with start.sh and meta.ini")
    .argument("<zip>", "the archive")
    .addHelpText("after", "\nThe URL that it prints is the artifactUrl of an entry of a deployment.")
    .action((file: string, _flags, self: Command) =>
      withController(self, async (client, context) => {
        const artifact = await uploadArchive(client, file, context.json);
        await context.show(
          artifact,
          ({ name, version, url }) => `${context.colors.bold(plain(name))} ${plain(version)}: ${url}`,
        );
      }),
    );
}
