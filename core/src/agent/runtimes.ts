import {
  DamsonError,
  type Instance,
  isDamsonError,
  isRuntimeUnavailable,
  type Package,
  type Runtime,
} from "@damson/plugin-sdk";
import { type Checker, compileSchema, didYouMean, issuesSummary } from "../schema/index.ts";

/** Which runtime is to serve what several can. */
export interface RunMode {
  /** Name of a runtime. */
  readonly name: string;
  /** Whether that runtime, while it is not loaded, has to be waited for. */
  isAwaited(): boolean;
}

interface Loaded {
  readonly runtime: Runtime;
  /** By package type. */
  readonly checkers: ReadonlyMap<string, Checker>;
}

/**
 * The loaded runtimes. Several may serve a package type: the one that the run mode names wins, else the one that served
 * the instance before, else the one that was loaded first. While the runtime of the run mode is awaited, nobody knows
 * what it would serve: what ran before runs where it did, and what never ran waits.
 */
export class Runtimes {
  readonly #loaded = new Map<string, Loaded>();
  readonly #mode: RunMode | undefined;

  constructor(mode?: RunMode) {
    this.#mode = mode;
  }

  /** Its name is its own: the plugin host loads no second of that name. */
  add(runtime: Runtime): void {
    const checkers = Object.entries(runtime.packageSchemas).map(
      ([type, schema]) => [type, compileSchema(schema)] as const,
    );
    this.#loaded.set(runtime.name, { runtime, checkers: new Map(checkers) });
  }

  remove(name: string): void {
    this.#loaded.delete(name);
  }

  all(): readonly Runtime[] {
    return [...this.#loaded.values()].map(({ runtime }) => runtime);
  }

  named(name: string): Runtime | undefined {
    return this.#loaded.get(name)?.runtime;
  }

  has(runtime: Runtime): boolean {
    return this.named(runtime.name) === runtime;
  }

  /** All that serve packages of this type, in the order in which they were loaded. */
  serving(packageType: string): readonly Runtime[] {
    return [...this.#loaded.values()].filter(({ checkers }) => checkers.has(packageType)).map(({ runtime }) => runtime);
  }

  /** @param earlier name of the runtime that served the instance before */
  select(packageType: string, earlier?: string): Runtime | undefined {
    const serving = this.serving(packageType);
    const named = (name: string | undefined): Runtime | undefined => serving.find((runtime) => runtime.name === name);
    return named(this.#mode?.name) ?? named(earlier) ?? (this.awaited === undefined ? serving[0] : undefined);
  }

  /** Name of the run mode's runtime, while it is not loaded and has to be waited for. */
  get awaited(): string | undefined {
    const mode = this.#mode;
    return mode && !this.#loaded.has(mode.name) && mode.isAwaited() ? mode.name : undefined;
  }

  /**
   * Checks a package by the schema of the runtime that {@link select} gives.
   *
   * @throws DamsonError `PACKAGE_TYPE_UNKNOWN` or `PACKAGE_INVALID` (400) with every fault and its place;
   *   `RUN_MODE_NOT_LOADED` (503) when it depends on a runtime that is awaited
   */
  check(pkg: Package, earlier?: string): Runtime {
    const runtime = this.select(pkg.type, earlier);
    const checker = runtime && this.#loaded.get(runtime.name)?.checkers.get(pkg.type);
    if (!checker) throw this.awaited === undefined ? this.#unknownType(pkg) : notLoaded(this.awaited);
    const issues = checker.check(pkg, { under: ["pkg"], hide: ([first]) => first === "environment" });
    if (issues.length > 0) {
      throw new DamsonError("PACKAGE_INVALID", `The package is not valid: ${issuesSummary(issues)}`, {
        status: 400,
        issues,
      });
    }
    return runtime;
  }

  /**
   * Asks the runtime whether it could run this here.
   *
   * @throws DamsonError with a 4xx status: the runtime's own, else `PACKAGE_REFUSED` (422); and what the runtime throws
   *   when it cannot be reached, which speaks neither for nor against the package
   */
  async admit(runtime: Runtime, instance: Instance): Promise<void> {
    try {
      await runtime.admit(instance);
    } catch (thrown) {
      if ((isDamsonError(thrown) && thrown.status < 500) || isRuntimeUnavailable(thrown)) throw thrown;
      throw new DamsonError("PACKAGE_REFUSED", thrown instanceof Error ? thrown.message : String(thrown), {
        status: 422,
        cause: thrown,
        ...(isDamsonError(thrown) && thrown.remedy ? { remedy: thrown.remedy } : {}),
      });
    }
  }

  #unknownType({ type }: Package): DamsonError {
    const allowed = [...new Set([...this.#loaded.values()].flatMap(({ checkers }) => [...checkers.keys()]))].sort();
    const hint = didYouMean(type, allowed);
    return new DamsonError("PACKAGE_TYPE_UNKNOWN", `no loaded runtime serves packages of type "${type}"`, {
      status: 400,
      remedy: `Types served here: ${allowed.join(", ") || "none"}. \`damson plugin list\` or GET /v1/plugins shows what is loaded.`,
      issues: [{ path: "pkg.type", message: `unknown type "${type}"`, ...(hint && { hint }), allowed }],
    });
  }
}

function notLoaded(mode: string): DamsonError {
  return new DamsonError("RUN_MODE_NOT_LOADED", `the run mode is "${mode}", and the runtime "${mode}" is not loaded`, {
    status: 503,
    retryable: true,
    remedy: "`damson plugin list` says why. Put that right and reload the plugins, or choose another --run-mode.",
  });
}
