import { DamsonError, runtimeUnavailable } from "@damson/plugin-sdk";
import { isRefusal, refusalText } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import type { ContainerSpec } from "../spec/container.ts";
import { LABELS } from "./labels.ts";

interface Known {
  readonly says: RegExp;
  readonly code: string;
  readonly status: number;
  message(text: string, spec: ContainerSpec): string;
  readonly remedy: string;
  readonly path?: string;
  readonly retryable?: true;
}

const KNOWN: readonly Known[] = [
  {
    says: /no such image|image not known/i,
    code: "IMAGE_MISSING",
    status: 422,
    message: (_, { image }) => `there is no image ${image} on the engine`,
    remedy: "Check its name, or let it be pulled: pull_policy if_not_present.",
    path: "pkg.image",
  },
  {
    // Before what says that a file is missing: that may be one in a volume.
    says: /invalid mount|mount denied|bind source path does not exist|error while mounting volume|invalid volume|statfs .*: no such file|error mounting "\/|creating mount source path|making volume mountpoint|duplicate mount|volume name is too short/i,
    code: "VOLUME_INVALID",
    status: 422,
    message: (text) => `a volume cannot be mounted: ${text}`,
    remedy: "Correct the paths in pkg.volumes.",
    path: "pkg.volumes",
  },
  {
    says: /executable file not found|exec.*no such file or directory|stat .*: no such file or directory: unknown/i,
    code: "COMMAND_NOT_FOUND",
    status: 422,
    message: (_, { command, image }) =>
      `${command?.[0] ? `"${command[0]}"` : "its program"} is not in the image ${image}`,
    remedy: "Give the path of a program that is in the image or in a volume.",
    path: "pkg.command[0]",
  },
  {
    says: /exec.*permission denied|is a directory: unknown/i,
    code: "COMMAND_NOT_EXECUTABLE",
    status: 422,
    message: (_, { command, image }) =>
      `${command?.[0] ? `"${command[0]}"` : "its program"} in the image ${image} cannot be executed`,
    remedy: "Make the file executable (chmod +x) when the image is built.",
    path: "pkg.command[0]",
  },
  {
    says: /no space left on device|disk quota exceeded/i,
    code: "NO_SPACE",
    status: 507,
    message: () => "there is no space left on the disk of the container engine",
    remedy: "Free some space, for example with `docker system prune`.",
    retryable: true,
  },
  {
    says: /network .*not found|unable to find network/i,
    code: "NETWORK_MISSING",
    status: 422,
    message: (_, { network }) => `the engine has no network "${network}"`,
    remedy: "Make it with `docker network create`, or give `network: app` for one of the app's own.",
    path: "pkg.network",
  },
  {
    says: /(cannot mkdir:|workdir) .*is not a directory/i,
    code: "WORKING_DIR_MISSING",
    status: 422,
    message: (_, { working_dir }) =>
      `${working_dir ?? "the image's working directory"} is no directory in the container`,
    remedy: "Give a directory; one that is missing is made.",
    path: "pkg.working_dir",
  },
  {
    says: /unable to find user|no matching entries in passwd|unable to find group/i,
    code: "USER_UNKNOWN",
    status: 422,
    message: (_, { user, image }) => `the image ${image} has no user "${user}"`,
    remedy: "Give a user that the image has, or a number.",
    path: "pkg.user",
  },
  {
    says: /already in use by container|name .* is already in use/i,
    code: "CONTAINER_NAME_TAKEN",
    status: 409,
    message: (text) => text,
    remedy: "Rename or remove that container.",
  },
];

/** What an engine says whose parts have begun to end. */
const LEAVING =
  /failed to update store for object type|client connection is closing|transport is closing|ttrpc: closed|context canceled|: unavailable$/i;
const PORT_TAKEN = /port is already allocated|address already in use/i;
/** After an address of either kind, or after none, as Podman has it for all addresses. */
const PORT_IN_TEXT = /(?:\d\.\d+|\]|::|\s):(\d+)\b/;

/** The error of a start that failed, in plain words and with what to do. */
export async function startError(error: unknown, engine: Engine, spec: ContainerSpec): Promise<unknown> {
  if (!isRefusal(error)) return error;
  const text = refusalText(error);
  if (LEAVING.test(text)) return runtimeUnavailable(`the container engine is ending: ${text}`, { cause: error });
  if (PORT_TAKEN.test(text)) return portTaken(text, engine, spec);
  const known = KNOWN.find(({ says }) => says.test(text));
  if (!known) {
    return new DamsonError("ENGINE_REFUSED", `the container engine refused: ${text}`, {
      status: error.statusCode >= 500 ? 502 : 422,
      cause: error,
    });
  }
  const message = known.message(text, spec);
  const { code, status, remedy, path, retryable = false } = known;
  const issues = path === undefined ? {} : { issues: [{ path, message }] };
  return new DamsonError(code, message, { status, remedy, retryable, cause: error, ...issues });
}

/** Says who has the port, where the engine knows it. */
async function portTaken(text: string, engine: Engine, { ports = [] }: ContainerSpec): Promise<DamsonError> {
  const port = Number(PORT_IN_TEXT.exec(text)?.[1]);
  const index = ports.findIndex(({ host_port }) => host_port === port);
  const protocols = ports.filter(({ host_port }) => host_port === port).map(({ protocol = "tcp" }) => protocol);
  const all = await engine.call("for its containers", (docker) => docker.listContainers()).catch(() => []);
  const holder = all.find(({ Ports }) =>
    Ports.some(({ PublicPort, Type }) => PublicPort === port && protocols.some((protocol) => protocol === Type)),
  );
  const app = holder?.Labels[LABELS.app];
  const name = holder?.Names[0]?.replace(/^\//, "");
  const who =
    (app && `the app "${app}" (${holder.Labels[LABELS.instance]})`) ??
    (name && `the container "${name}"`) ??
    "another program";
  return new DamsonError("HOST_PORT_TAKEN", `port ${port} of the host is taken by ${who}`, {
    status: 409,
    retryable: true,
    remedy: "Choose another host_port, or leave it out so that the engine picks one; a rolling update needs that too.",
    issues: [{ path: `pkg.ports[${Math.max(index, 0)}].host_port`, message: `port ${port} is taken by ${who}` }],
  });
}
