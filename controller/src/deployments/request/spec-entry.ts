import { ApplyRequest, type AppSpec, specWarnings, toSpec } from "@damson/core/agent";
import { compileSchema, didYouMean, pathText, type Segments } from "@damson/core/schema";
import { type Issue, isDamsonError, type JsonObject } from "@damson/plugin-sdk";
import type { Findings } from "./findings.ts";
import type { PackageTypes } from "./package-types.ts";

const request = compileSchema(ApplyRequest);

/** Fields of an apply document that a deployment decides. */
const DECIDED: readonly { readonly way: Segments; readonly issue: Omit<Issue, "path"> }[] = [
  { way: ["instances"], issue: { message: "not in a deployment", hint: "Use replicas of the entry." } },
  { way: ["pkg", "replicas"], issue: { message: "not in a deployment", hint: "Use replicas of the entry." } },
  { way: ["package", "replicas"], issue: { message: "not in a deployment", hint: "Use replicas of the entry." } },
  { way: ["assignment"], issue: { message: "written by the controller alone", hint: "Leave it out." } },
];

/**
 * The spec of an entry as it is kept, checked as its agent will check it; `undefined` when it has faults, which are then
 * among the findings.
 */
export function readSpec(sent: JsonObject, at: Segments, types: PackageTypes, findings: Findings): AppSpec | undefined {
  const decided = DECIDED.filter(({ way }) => valueAt(sent, way) !== undefined);
  for (const { way, issue } of decided) findings.fault([...at, ...way], issue, "SPEC_INVALID");
  const issues = request.check(sent, { under: at, hide: isEnvironment });
  findings.faults(issues, "SPEC_INVALID");
  if (decided.length > 0 || issues.length > 0 || !request.accepts(sent)) return undefined;
  const spec = specOf(sent, at, findings);
  if (!spec || !checkPackage(spec, [...at, sent.pkg ? "pkg" : "package"], types, findings)) return undefined;
  for (const warning of specWarnings(spec)) findings.warn(at, warning);
  const { update } = spec;
  if ((typeof update === "string" ? update : update?.strategy) === "rolling") {
    findings.warn(
      [...at, "update"],
      "rolling has no effect: the deployment's own update says how instances are replaced",
    );
  }
  return spec;
}

function specOf(sent: ApplyRequest, at: Segments, findings: Findings): AppSpec | undefined {
  try {
    return toSpec(sent);
  } catch (thrown) {
    if (!isDamsonError(thrown)) throw thrown;
    const under = pathText(at);
    findings.faults(
      thrown.issues.map((issue) => ({ ...issue, path: [under, issue.path].filter(Boolean).join(".") })),
      "SPEC_INVALID",
    );
    return undefined;
  }
}

/** By the schemas that agents have told of, whatever their runtimes add when it comes to it. */
function checkPackage({ pkg }: AppSpec, at: Segments, types: PackageTypes, findings: Findings): boolean {
  const { served } = types;
  if (!served.includes(pkg.type)) {
    const hint = didYouMean(pkg.type, served);
    const known = served.length > 0 ? `; served are: ${served.join(", ")}` : "";
    findings.warn(
      [...at, "type"],
      `no node serves packages of type "${pkg.type}" yet${known}${hint ? `. ${hint}` : ""}`,
    );
    return true;
  }
  const verdicts = types
    .checkersOf(pkg.type)
    .map((checker) => checker.check(pkg, { under: at, hide: ([first]) => first === "environment" }));
  // The one that comes closest says best what is wrong.
  const [best] = verdicts.sort((a, b) => a.length - b.length);
  if (best === undefined || best.length === 0) return true;
  findings.faults(best, "PACKAGE_INVALID");
  return false;
}

function isEnvironment([first, second]: Segments): boolean {
  return (first === "pkg" || first === "package") && second === "environment";
}

function valueAt(document: JsonObject, way: Segments): unknown {
  return way.reduce<unknown>((value, key) => Object(value)[key], document);
}
