import { issuesSummary, pathText, type Segments } from "@damson/core/schema";
import { DamsonError, type Issue } from "@damson/plugin-sdk";

/** What a request for a deployment can be refused with. */
type FaultCode =
  // It contradicts itself, or lacks something.
  | "DEPLOYMENT_INVALID"
  // No artifact of this path was uploaded.
  | "ARTIFACT_UNKNOWN"
  // As the agent itself would refuse them.
  | "SPEC_INVALID"
  | "PACKAGE_INVALID";

/** What is found while a request is read: every fault with its place, and what its sender should know. */
export class Findings {
  readonly warnings: string[] = [];
  readonly #issues: Issue[] = [];
  #code: FaultCode | undefined;

  /** Something that is wrong at a place. `code` names the error if this is the first fault. */
  fault(at: Segments, issue: Omit<Issue, "path">, code: FaultCode = "DEPLOYMENT_INVALID"): void {
    this.faults([{ ...issue, path: pathText(at) }], code);
  }

  /** Faults that know their places. */
  faults(issues: readonly Issue[], code: FaultCode): void {
    if (issues.length > 0) this.#code ??= code;
    this.#issues.push(...issues);
  }

  /** Something that is accepted, and perhaps not meant. */
  warn(at: Segments, text: string): void {
    this.warnings.push(`${pathText(at)}: ${text}`);
  }

  /** @throws DamsonError (400) with all faults, if there is one. */
  refuse(): void {
    if (this.#code === undefined) return;
    throw new DamsonError(this.#code, `The deployment is not valid: ${issuesSummary(this.#issues)}`, {
      status: 400,
      issues: this.#issues,
    });
  }
}
