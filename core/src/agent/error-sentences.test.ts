import { DamsonError } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import { errorSentences } from "./error-sentences.ts";

test.each<[string, unknown, string]>([
  [
    "with a remedy",
    new DamsonError("X", "port 80 is taken", { remedy: "Choose another." }),
    "port 80 is taken. Choose another.",
  ],
  [
    "that ends as a sentence",
    new DamsonError("X", "It is full.", { remedy: "Free some space." }),
    "It is full. Free some space.",
  ],
  ["without a remedy", new DamsonError("X", "port 80 is taken"), "port 80 is taken"],
  ["of another kind", new Error("connection refused"), "connection refused"],
  ["that is none", undefined, "undefined"],
])("an error %s", (_, thrown, text) => expect(errorSentences(thrown)).toBe(text));
