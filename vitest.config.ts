import { defineConfig } from "vitest/config";
import { LeftOutReporter } from "./scripts/left-out-reporter.ts";

/** Where the outcome is written as JSON too, for `.ci/run`. */
const { DAMSON_TEST_RESULTS: results } = process.env;

const node = {
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source", "node"] } },
};

export default defineConfig({
  ...node,
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", new LeftOutReporter(), ...(results ? ["json"] : [])],
    ...(results ? { outputFile: { json: results } } : {}),
    projects: [
      {
        ...node,
        test: {
          name: "unit",
          include: [
            "{plugin-sdk,artifact,client,core,controller,cli,plugins/*}/src/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        ...node,
        test: {
          name: "e2e",
          include: ["test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
