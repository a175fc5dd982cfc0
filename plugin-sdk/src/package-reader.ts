import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { DamsonError } from "./error.ts";

/** Gives packages their types, by the schemas of a runtime. */
export interface PackageReader<P> {
  /** `pkg` with its type known; `undefined` when it does not match the schema of its type. */
  known(pkg: { readonly type: string }): P | undefined;
  /**
   * The same for a `pkg` that has to match.
   *
   * @throws DamsonError `PACKAGE_INVALID` (400) with every fault and its place.
   */
  read(pkg: { readonly type: string }): P;
}

/** A reader of the packages that a runtime serves: `schemas` are its `packageSchemas`. */
export function packageReader<S extends Readonly<Record<string, TSchema>>>(
  schemas: S,
): PackageReader<Static<S[keyof S]>> {
  type P = Static<S[keyof S]>;
  const checks = new Map(Object.entries(schemas).map(([type, schema]) => [type, Compile(schema)]));
  // The schema of a type takes no package of another one.
  const isKnown = (pkg: unknown, type: string): pkg is P => checks.get(type)?.Check(pkg) === true;
  const known = (pkg: { readonly type: string }): P | undefined => (isKnown(pkg, pkg.type) ? pkg : undefined);
  return {
    known,
    read(pkg) {
      const found = known(pkg);
      if (found !== undefined) return found;
      throw new DamsonError("PACKAGE_INVALID", `this is not a valid package of type "${pkg.type}"`, {
        status: 400,
        issues: (checks.get(pkg.type)?.Errors(pkg) ?? []).map((error) => ({
          path: `pkg${error.instancePath.replaceAll("/", ".")}`,
          message: error.message,
        })),
      });
    },
  };
}
