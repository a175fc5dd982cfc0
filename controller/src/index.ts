export { type ControllerSettings, DEFAULT_SETTINGS } from "./settings.ts";
export { type ControllerOptions, type RunningController, startController } from "./start-controller.ts";
