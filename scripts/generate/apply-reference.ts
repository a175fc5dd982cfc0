import { RESERVED_NAMES } from "@damson/plugin-sdk";
import { ArtifactPackage, BinaryPackage, ScriptPackage } from "@damson/runtime-process";
import { ApplyRequest } from "../../core/src/agent/schema/apply.ts";
import { ContainerArtifact, DockerPackage } from "../../plugins/runtime-docker/src/spec/package-schema.ts";
import { fieldTable } from "./schema-table.ts";

const HEAD = `# Fields of the apply document

<!-- Generated from the schemas in the sources by \`npm run generate\`. Do not edit. -->

What \`POST /v1/apply\` and \`damson apply\` take. [The guide](../apply-document.md) says what the fields do, with examples.
A field that is not listed is an error.

- A *duration* is a number with a unit (\`500ms\`, \`0.5s\`, \`10m\`, \`2h\`, \`7d\`), or a number of seconds.
- A *size* is a number with a unit in powers of 1,024 (\`512m\`, \`1.5g\`, \`64Mi\`), or a number of bytes.
- \`list[].field\` is a field of each entry of the list.
`;

const SOURCE = "\nGive exactly one of `path` and `url`.\n";
const CONTAINER =
  "\nEach of `volumes` has exactly one of `host_path`, `name` and `tmpfs`. `logs` bounds both streams of a container together.\n";

/** docs/reference/apply.md: every field of the apply document, with packages of the runtimes that come with Damson. */
export function applyReference(): string {
  const reserved = RESERVED_NAMES.map((name) => `\`${name}\``).join(", ");
  return [
    HEAD,
    section("The document", ApplyRequest),
    `\nGive exactly one of \`pkg\` and \`package\`; they mean the same. Reserved as app names: ${reserved}, and any with \`..\`.\n`,
    section("`pkg` of type `binary`", BinaryPackage),
    section("`pkg` of type `script`", ScriptPackage),
    section("`pkg` of type `artifact`, as a process", ArtifactPackage),
    SOURCE,
    section("`pkg` of type `artifact`, in a container", ContainerArtifact),
    SOURCE,
    "\n`image` is the base image of the node by default.\n",
    CONTAINER,
    section("`pkg` of type `docker`", DockerPackage),
    CONTAINER,
  ].join("");
}

function section(heading: string, schema: object): string {
  return `\n## ${heading}\n\n${fieldTable(schema)}`;
}
