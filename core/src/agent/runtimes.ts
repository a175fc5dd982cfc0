import { DamsonError, type Instance, isDamsonError, type Package, type Runtime } from "@damson/plugin-sdk";
import { type Checker, compileSchema, didYouMean, issuesSummary } from "../schema/index.ts";

interface Served {
  readonly runtime: Runtime;
  readonly checker: Checker;
}

/** The loaded runtimes, by the package types that they serve. */
export class Runtimes {
  readonly #byType = new Map<string, Served>();
  readonly #byName = new Map<string, Runtime>();

  /** @throws DamsonError `PACKAGE_TYPE_TAKEN` when another runtime serves one of its types already */
  add(runtime: Runtime): void {
    const types = Object.keys(runtime.packageSchemas);
    const taken = types.find((type) => this.#byType.has(type));
    if (taken !== undefined) {
      const other = this.#byType.get(taken)?.runtime.name;
      throw new DamsonError(
        "PACKAGE_TYPE_TAKEN",
        `packages of type "${taken}" are served by the runtime "${other}" already`,
        {
          remedy: "Load only one of the two plugins.",
        },
      );
    }
    for (const [type, schema] of Object.entries(runtime.packageSchemas)) {
      this.#byType.set(type, { runtime, checker: compileSchema(schema) });
    }
    this.#byName.set(runtime.name, runtime);
  }

  remove(name: string): void {
    const runtime = this.#byName.get(name);
    this.#byName.delete(name);
    for (const [type, served] of this.#byType) if (served.runtime === runtime) this.#byType.delete(type);
  }

  all(): readonly Runtime[] {
    return [...this.#byName.values()];
  }

  named(name: string): Runtime | undefined {
    return this.#byName.get(name);
  }

  has(runtime: Runtime): boolean {
    return this.#byName.get(runtime.name) === runtime;
  }

  /** The runtime that serves packages of this type. */
  serving(packageType: string): Runtime | undefined {
    return this.#byType.get(packageType)?.runtime;
  }

  /**
   * Checks a package by its runtime's schema.
   *
   * @throws DamsonError `PACKAGE_TYPE_UNKNOWN` or `PACKAGE_INVALID` (400) with every fault and its place
   */
  check(pkg: Package): Runtime {
    const served = this.#byType.get(pkg.type);
    if (!served) {
      const allowed = [...this.#byType.keys()].sort();
      const hint = didYouMean(pkg.type, allowed);
      throw new DamsonError("PACKAGE_TYPE_UNKNOWN", `no loaded runtime serves packages of type "${pkg.type}"`, {
        status: 400,
        remedy: `Types served here: ${allowed.join(", ") || "none"}. \`damson plugin list\` or GET /v1/plugins shows what is loaded.`,
        issues: [{ path: "pkg.type", message: `unknown type "${pkg.type}"`, ...(hint && { hint }), allowed }],
      });
    }
    const issues = served.checker.check(pkg, { under: ["pkg"], hide: ([first]) => first === "environment" });
    if (issues.length > 0) {
      throw new DamsonError("PACKAGE_INVALID", `The package is not valid: ${issuesSummary(issues)}`, {
        status: 400,
        issues,
      });
    }
    return served.runtime;
  }

  /**
   * Asks the runtime whether it could run this here.
   *
   * @throws DamsonError with a 4xx status: the runtime's own, else `PACKAGE_REFUSED` (422)
   */
  async admit(runtime: Runtime, instance: Instance): Promise<void> {
    try {
      await runtime.admit(instance);
    } catch (thrown) {
      if (isDamsonError(thrown) && thrown.status < 500) throw thrown;
      throw new DamsonError("PACKAGE_REFUSED", thrown instanceof Error ? thrown.message : String(thrown), {
        status: 422,
        cause: thrown,
        ...(isDamsonError(thrown) && thrown.remedy ? { remedy: thrown.remedy } : {}),
      });
    }
  }
}
