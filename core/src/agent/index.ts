export { type AgentOptions, type RunningAgent, startAgent } from "./start-agent.ts";
