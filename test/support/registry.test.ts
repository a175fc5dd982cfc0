import { rmSync } from "node:fs";
import { expect, type TestContext, test } from "vitest";
import { BUSYBOX } from "./busybox-image.ts";
import { sharedEngine } from "./docker-engine.ts";
import type { Engine } from "./engine.ts";
import { startRegistry, startSilentRegistry } from "./registry.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

test("an engine pushes to a registry and pulls from it, with the right password only", async (context) => {
  const engine = await sharedEngine(context);
  const { address } = await startRegistry(context, { user: "ann", password: "s3cret" });
  const docker = dockerWithOwnLogins(context, engine);
  const image = `${address}/some/app:1`;
  context.onTestFinished(async () => void (await docker("rmi", "--force", image)));
  await docker("tag", BUSYBOX, image);
  await expect(docker("push", image)).rejects.toThrow(/no basic auth credentials/);
  await expect(docker("login", "--username", "ann", "--password", "wrong", address)).rejects.toThrow(/unauthorized/i);
  await docker("login", "--username", "ann", "--password", "s3cret", address);
  await docker("push", image);
  await docker("rmi", image);
  await docker("pull", image);
  expect(await docker("run", "--rm", image, "echo", "pulled")).toBe("pulled\n");
  await expect(docker("pull", `${address}/some/app:2`)).rejects.toThrow(/manifest unknown/);
});

test("a registry without credentials serves everyone", async (context) => {
  const engine = await sharedEngine(context);
  const { address, close } = await startRegistry(context);
  const image = `${address}/open:1`;
  context.onTestFinished(async () => void (await engine.docker("rmi", "--force", image)));
  await engine.docker("tag", BUSYBOX, image);
  await engine.docker("push", image);
  await close();
  await expect(engine.docker("pull", image)).rejects.toThrow(/connection refused/);
});

test("a pull from a silent registry waits", async (context) => {
  const engine = await sharedEngine(context);
  const { address, close } = await startSilentRegistry(context);
  const pull = engine.docker("pull", `${address}/any:1`).then(
    () => "pulled",
    (thrown: Error) => thrown.message,
  );
  expect(await Promise.race([pull, new Promise((resolve) => setTimeout(resolve, 1_000, "waits"))])).toBe("waits");
  await close();
  expect(await pull).toContain(address);
});

/** `docker` that knows no logins but its own. */
function dockerWithOwnLogins(context: TestContext, engine: Engine): (...words: string[]) => Promise<string> {
  const directory = temporaryDirectory();
  context.onTestFinished(() => rmSync(directory, { recursive: true }));
  const environment = { DOCKER_CONFIG: directory };
  return async (...words) => (await engine.run(words, { environment })).stdout;
}
