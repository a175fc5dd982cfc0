import { statSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { userInfo } from "node:os";
import { zipOf } from "@damson/artifact/testing";
import { isDamsonError } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRoot, itNeeds } from "../fixtures/machine.ts";
import { TestRuntime } from "../fixtures/test-runtime.ts";
import { runAs } from "./user.ts";

const NEED = "root";
let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());

describe("an app with a user", () => {
  itNeeds(isRoot, NEED, "runs as that user, in its home, with its groups, and cannot become root again", async () => {
    const command = ['echo "$(id -u) $(id -g) $(id -G) $HOME"', "echo again >> /dev/stdout", "touch mine", "ls"];
    const handle = await test.run(test.instance({ type: "script", command, user: "nobody" }));
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    expect(await test.texts(handle)).toEqual(["65534 65534 65534 /nonexistent", "again", "mine"]);
  });

  itNeeds(isRoot, NEED, "may be named by number", async () => {
    const handle = await test.run(test.instance({ type: "binary", command: ["id", "-un"], user: "65534" }));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["nobody"]);
  });

  itNeeds(isRoot, NEED, "sees nothing of other apps, and of its own only what it needs", async () => {
    const other = await test.run(test.script("echo secret"));
    await test.exit(other);
    const looks = [test.path("status"), test.path("instances"), test.path("instances", "shop-1", "logs")];
    const command = looks.map((path) => `ls ${path} 2>/dev/null && echo seen ${path}`);
    const handle = await test.run(test.instance({ type: "script", command: [...command, "true"], user: "nobody" }));
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    expect(await test.texts(handle)).toEqual([]);
  });

  itNeeds(isRoot, NEED, "has an artifact unpacked to which it can write, and no other can", async () => {
    const archive = test.path("app.zip");
    writeFileSync(archive, zipOf([{ name: "start.sh", content: "#!/bin/sh\ntouch beside && id -un && pwd\n" }]));
    const handle = await test.run(test.instance({ type: "artifact", path: archive, user: "nobody" }));
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    const [name, directory = ""] = await test.texts(handle);
    expect(name).toBe("nobody");
    expect(statSync(directory)).toMatchObject({ uid: 65_534, mode: 0o40755 });
  });

  itNeeds(isRoot, NEED, "that cannot reach its command is refused before anything runs", async () => {
    const hidden = test.path("hidden");
    writeFileSync(hidden, "#!/bin/sh\n", { mode: 0o700 });
    await chmod(hidden, 0o700);
    const pkg = { type: "binary", command: [hidden], user: "nobody", working_dir: "/" };
    const refused = await test.runtime.admit(test.instance(pkg)).catch((error: unknown) => error);
    expect(isDamsonError(refused) && refused).toMatchObject({ code: "USER_CANNOT_REACH", status: 422 });
  });

  it("of the agent itself needs no rights", async () => {
    const { username, uid, gid } = userInfo();
    expect(await runAs(username, undefined)).toMatchObject({ uid, gid, prefix: [] });
    expect(await runAs(undefined, undefined)).toMatchObject({ uid, gid, prefix: [] });
  });

  it("that the agent may not become is refused", async () => {
    const other = userInfo().username === "daemon" ? "bin" : "daemon";
    const refused = await runAs(other, undefined).catch((error: unknown) => error);
    expect(isDamsonError(refused) && refused).toMatchObject({ code: "USER_NOT_PERMITTED", status: 422 });
  });
});
