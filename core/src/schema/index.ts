export { type Checker, type CheckOptions, compileSchema } from "./compile.ts";
export type { Fault } from "./faults.ts";
export { issuesSummary, issueText } from "./format.ts";
export { pathText, type Segments } from "./path.ts";
export { Secrets } from "./secrets.ts";
export { didYouMean } from "./suggest.ts";
