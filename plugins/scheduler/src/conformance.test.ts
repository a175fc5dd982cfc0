import { schedulerConformance } from "@damson/plugin-sdk/testing";
import { createScheduler } from "./scheduler.ts";

schedulerConformance("default", () => createScheduler());
