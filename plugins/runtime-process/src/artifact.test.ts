import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { tarGzOf, zipOf } from "@damson/artifact/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OWNER, TestRuntime } from "./fixtures/test-runtime.ts";

const START =
  '#!/bin/sh\necho started "$@" in $(basename $PWD | cut -c1-4)\ncat note.txt 2>/dev/null; echo kept > note.txt\n';
const ARCHIVE = tarGzOf([{ path: "start.sh", content: START }]);

let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());
const cached = () => readdirSync(test.path("artifacts"));

describe("an artifact", () => {
  it("is unpacked for each instance, run by its start.sh, and kept with what the app has written", async () => {
    const path = test.path("app.tgz");
    writeFileSync(path, ARCHIVE);
    const instance = test.instance({ type: "artifact", path, args: ["now"] });
    await test.runtime.admit(instance);
    await test.exit(await test.run(instance));
    const second = await test.run({ ...instance, run: 2 });
    await test.exit(second);
    expect(await test.texts(second)).toEqual(["started now in app-", "started now in app-", "kept"]);
    const other = await test.run(test.instance({ type: "artifact", path }));
    await test.exit(other);
    expect(await test.texts(other)).toEqual(["started in app-"]);
    expect(cached()).toHaveLength(1);
  });

  it("that has changed is unpacked anew for the next run, and the old one goes", async () => {
    const path = test.path("app.zip");
    writeFileSync(path, zipOf([{ name: "start.sh", content: "echo one" }]));
    const instance = test.instance({ type: "artifact", path });
    await test.exit(await test.run(instance));
    writeFileSync(path, zipOf([{ name: "start.sh", content: "echo two" }]));
    const handle = await test.run({ ...instance, run: 2 });
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["one", "two"]);
    const unpacked = readdirSync(test.path("instances", instance.instanceId)).filter((name) => name.startsWith("app-"));
    expect(unpacked).toHaveLength(1);
  });

  it("without its start.sh does not start, and says what is missing", async () => {
    const path = test.path("app.zip");
    writeFileSync(path, zipOf([{ name: "other.sh", content: "true" }]));
    await expect(test.run(test.instance({ type: "artifact", path }))).rejects.toMatchObject({
      code: "COMMAND_NOT_FOUND",
      issues: [{ path: "pkg.command[0]" }],
    });
    expect(await test.runtime.list(OWNER)).toEqual([]);
  });

  it("that was not prepared is not started", async () => {
    const instance = test.instance({ type: "artifact", path: "/nowhere.zip" });
    await expect(test.runtime.start(instance)).rejects.toMatchObject({ code: "NOT_PREPARED" });
  });

  it("goes from the cache when no instance uses it and nobody has asked for it in a day", async () => {
    const path = test.path("app.tgz");
    writeFileSync(path, ARCHIVE);
    const handle = await test.run(test.instance({ type: "artifact", path }));
    await test.exit(handle);
    const yesterday = Date.now() / 1_000 - 25 * 3_600;
    for (const sha256 of cached()) utimesSync(test.path("artifacts", sha256), yesterday, yesterday);
    await test.runtime.check();
    expect(cached()).toHaveLength(1);
    await test.runtime.remove(handle);
    await test.runtime.check();
    expect(cached()).toEqual([]);
  });

  it("is bounded by the plugin's config", async () => {
    const bounded = new TestRuntime({ config: { artifacts: { max_entries: 1 } } });
    try {
      const path = bounded.path("app.zip");
      writeFileSync(path, zipOf([{ name: "start.sh" }, { name: "other.sh" }]));
      const refused = bounded.run(bounded.instance({ type: "artifact", path }));
      await expect(refused).rejects.toMatchObject({ code: "ARCHIVE_TOO_BIG" });
    } finally {
      await bounded.dispose();
    }
  });
});
