import { NaiveScheduler } from "./fixtures/naive-scheduler.ts";
import { schedulerConformance } from "./scheduler-conformance.ts";

schedulerConformance("naive", () => new NaiveScheduler());
