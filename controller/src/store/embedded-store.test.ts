import { storeConformance } from "@damson/plugin-sdk/testing";
import { embeddedHarness } from "./fixtures/embedded-harness.ts";

storeConformance("embedded", embeddedHarness(8 * 1_048_576));
// With a checkpoint after almost every write.
storeConformance("embedded, with short journals", embeddedHarness(500));
