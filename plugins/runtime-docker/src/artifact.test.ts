import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ZipEntry, zipOf } from "@damson/artifact/testing";
import type { Logger } from "@damson/plugin-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { quiet } from "./fixtures/quiet-log.ts";
import { describeWithEngine, freePort, SOON, TestDocker } from "./fixtures/test-docker.ts";
import { IMAGE } from "./fixtures/test-engine.ts";

let test: TestDocker;
let warnings: string[];
beforeEach(() => {
  warnings = [];
  const log: Logger = { ...quiet, warn: (details: unknown) => void warnings.push(JSON.stringify(details)) };
  const directory = "/usr/share/misc";
  test = new TestDocker({
    log,
    env: { PLUM_BASE_IMAGE: IMAGE, PLUM_HOST_LIB_PATHS: `${directory},/none/such/lib` },
  });
});
afterEach(() => test.dispose());

/** An archive, as a package. */
function archive(...entries: readonly ZipEntry[]) {
  const path = join(test.directory, `${crypto.randomUUID()}.zip`);
  writeFileSync(path, zipOf(entries));
  return { type: "artifact", path, network: "none" } as const;
}
const script = (content: string, mode = 0o100755): ZipEntry => ({
  name: "start.sh",
  content: `#!/bin/sh\n${content}\n`,
  mode,
});

describeWithEngine("an artifact in a container", () => {
  it("runs its start.sh at /app in the node's base image, with its arguments and variables", async () => {
    const pkg = archive(script('pwd; echo "$@"; echo "$DAMSON_APP $A"; env | grep -c LD_'));
    const handle = await test.run(test.instance({ ...pkg, args: ["now", "a b"], environment: { A: "x" } }));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["/app", "now a b", "shop x", "0"]);
    expect((await test.inspect(handle)).Config.Image).toBe(IMAGE);
  });

  it("finds its own libraries", async () => {
    const pkg = archive(script("echo $LD_LIBRARY_PATH"), { name: "lib/libshop.so", content: "" });
    const handle = await test.run(test.instance(pkg));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["/app/lib:/usr/lib:/lib"]);
    const own = await test.run(test.instance({ ...pkg, environment: { LD_LIBRARY_PATH: "/mine" } }));
    await test.exit(own);
    expect(await test.texts(own)).toEqual(["/mine"]);
  });

  it("sees the libraries of the host that there are, and cannot change them", async () => {
    const pkg = archive(
      script("ls -d /usr/share/misc /none/such/lib 2>/dev/null; touch /usr/share/misc/x || echo refused"),
    );
    const handle = await test.run(test.instance(pkg));
    await test.exit(handle);
    const texts = await test.texts(handle, { stream: "stdout" });
    expect(texts).toEqual(existsSync("/usr/share/misc") ? ["/usr/share/misc", "refused"] : ["refused"]);
    expect(warnings.filter((warning) => warning.includes("/none/such/lib"))).toHaveLength(1);
  });

  it("publishes what its meta.ini says that it serves, unless the package gives ports", async () => {
    const [port, other] = [await freePort(), await freePort()];
    const meta = { name: "meta.ini", content: `name=shop\nservice=web:http:${port}\n` };
    const pkg = archive(script(`mkdir -p www; echo hello > www/index.html; exec httpd -f -p ${port} -h www`), meta);
    const handle = await test.run(test.instance({ ...pkg, network: "bridge" }));
    const ask = () => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text(), String);
    await expect.poll(ask, SOON).toBe("hello\n");
    await test.stop(handle);
    const ports = [{ container_port: port, host_port: other }];
    const given = await test.run(test.instance({ ...pkg, network: "bridge", ports }));
    expect(Object.values((await test.inspect(given)).HostConfig.PortBindings ?? {})).toEqual([
      [{ HostIp: "", HostPort: String(other) }],
    ]);
  });

  it("keeps what it writes for its next run, and loses it when the archive has changed", async () => {
    const write = "cat note 2>/dev/null; echo kept > note";
    const pkg = archive(script(write));
    const instance = test.instance(pkg);
    await test.exit(await test.run(instance));
    const second = await test.run({ ...instance, run: 2 });
    await test.exit(second);
    expect(await test.texts(second)).toEqual(["kept"]);
    writeFileSync(pkg.path, zipOf([script(`echo changed; ${write}`)]));
    const third = await test.run({ ...instance, run: 3 });
    await test.exit(third);
    expect(await test.texts(third)).toEqual(["kept", "changed"]);
    const unpacked = () => readdirSync(join(test.directory, "instances", instance.instanceId));
    expect(unpacked().filter((name) => name.startsWith("app-"))).toHaveLength(1);
    await test.runtime.remove(third);
    expect(existsSync(join(test.directory, "instances", instance.instanceId))).toBe(false);
  });

  it("runs a program of its own that the package names, in another image", async () => {
    const image = await test.tag();
    const pkg = archive({ name: "bin/run", content: "#!/bin/sh\necho ran in $PWD\n", mode: 0o100755 });
    const handle = await test.run(test.instance({ ...pkg, image, command: ["./run"], working_dir: "/app/bin" }));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["ran in /app/bin"]);
    expect((await test.inspect(handle)).Config.Image).toBe(image);
  });

  it("can run a start.sh from an archive that has no modes", async () => {
    const handle = await test.run(test.instance(archive({ name: "start.sh", content: "#!/bin/sh\necho ran\n" })));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["ran"]);
  });

  it("without its start.sh is refused, and nothing is left that runs", async () => {
    const instance = test.instance(archive({ name: "other.sh", content: "true" }));
    await expect(test.run(instance)).rejects.toMatchObject({
      code: "COMMAND_NOT_FOUND",
      issues: [{ path: "pkg.command[0]" }],
    });
    expect(await test.containers()).toEqual([]);
  });

  it("that is not there is refused before anything is stored", async () => {
    await expect(test.runtime.admit(test.instance({ type: "artifact", path: "/none/such.zip" }))).rejects.toMatchObject(
      {
        code: "ARTIFACT_MISSING",
      },
    );
  });

  it("belongs to the user that it runs as", async () => {
    const pkg = archive(script("id -u; echo mine > note && cat note"));
    mkdirSync(test.directory, { recursive: true });
    const handle = await test.run(test.instance({ ...pkg, user: "1234:1234" }));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["1234", "mine"]);
  });
});
