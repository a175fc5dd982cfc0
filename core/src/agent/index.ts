export type { ControllerOptions } from "./link/open-link.ts";
export { redactSpec } from "./redact.ts";
export { ApplyRequest, type AppSpec, ServiceSettings } from "./schema/apply.ts";
export { RevealQuery } from "./schema/requests.ts";
export { toSpec } from "./spec.ts";
export { specWarnings } from "./spec-warnings.ts";
export { type AgentOptions, type RunningAgent, startAgent } from "./start-agent.ts";
