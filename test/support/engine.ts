import { type Output, type RunOptions, runProgram } from "./run-program.ts";
import { until } from "./until.ts";

/** What a test reads of an inspected container. */
export interface Container {
  readonly Id: string;
  /** With a slash before it. */
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly OOMKilled: boolean;
    /** 0 while it does not run. */
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: {
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env: readonly string[];
    readonly User: string;
    readonly Cmd: readonly string[] | null;
  };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly NetworkSettings: Readonly<Record<string, unknown>>;
}

/** An engine with Docker's API, asked through the `docker` command: past Damson, as an operator would. */
export class Engine {
  /** Its address, as DOCKER_HOST has it. */
  readonly host: string;

  constructor(host: string) {
    this.host = host;
  }

  /** Runs `docker` with these words against this engine. */
  run(words: readonly string[], options: RunOptions = {}): Promise<Output> {
    return runProgram("docker", ["--host", this.host, ...words], options);
  }

  /** What `docker` writes to stdout, without blanks around it. */
  async docker(...words: string[]): Promise<string> {
    return (await this.run(words)).stdout.trim();
  }

  /** Whether the engine answers. */
  async answers(): Promise<boolean> {
    return this.docker("version", "--format", "{{.Server.Version}}").then(
      () => true,
      () => false,
    );
  }

  /** All containers with this label, ended ones too. @param label `key` or `key=value` */
  containers(label: string): Promise<Container[]> {
    // One that is removed between the list and the look at it makes the look fail.
    return until(`the containers with ${label}`, async () => {
      const ids = await this.docker("ps", "--all", "--quiet", "--no-trunc", "--filter", `label=${label}`);
      return ids === "" ? [] : JSON.parse(await this.docker("inspect", ...ids.split("\n")));
    });
  }

  async inspect(container: string): Promise<Container> {
    const [found] = JSON.parse(await this.docker("inspect", "--type", "container", container));
    return found;
  }

  /** All that a container wrote, to stdout and to stderr. */
  logs(container: string): Promise<Output> {
    return this.run(["logs", container]);
  }

  /** Removes all containers with this label, running ones too. */
  async removeAll(label: string): Promise<void> {
    const ids = (await this.containers(label)).map(({ Id }) => Id);
    if (ids.length > 0) await this.docker("rm", "--force", "--volumes", ...ids);
  }
}
