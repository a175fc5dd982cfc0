import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BUSYBOX } from "./busybox-image.ts";
import { pidsNaming } from "./pids-naming.ts";
import { startPodman } from "./podman.ts";
import { freePort } from "./ports.ts";
import { until } from "./until.ts";

test("Podman runs containers by Docker's API; they outlive its service, and nothing outlives close", async (context) => {
  const podman = await startPodman(context);
  const port = await freePort();
  const id = await podman.docker(
    ...["run", "--detach", "--init", "--label", "damson.test=1", "--publish", `127.0.0.1:${port}:80`],
    ...[BUSYBOX, "sh", "-c", "echo begins; trap 'exit 7' TERM; httpd -p 80 -h /; while :; do sleep 0.1; done"],
  );
  const page = async () => (await fetch(`http://127.0.0.1:${port}/etc/passwd`)).text();
  expect(await until("it answers", page)).toContain("root:x");
  expect(await podman.docker("exec", id, "cat", "/proc/1/comm")).toContain("init");
  const { Pid } = (await podman.inspect(id)).State;

  await podman.stop();
  expect(await podman.answers()).toBe(false);
  await podman.start();
  expect(await podman.containers("damson.test=1")).toMatchObject([{ Id: id, State: { Status: "running", Pid } }]);
  expect(await page()).toContain("root:x");
  expect(await podman.logs(id)).toEqual({ stdout: "begins\n", stderr: "" });

  await podman.docker("kill", "--signal", "TERM", id);
  expect(await podman.docker("wait", id)).toBe("7");
  await podman.docker("start", id);
  const next = (await podman.inspect(id)).State.Pid;
  await podman.close();
  await until("the container has ended", () => !existsSync(`/proc/${next}`));
  await until("nothing of Podman is left", () => pidsNaming(podman.directory, "conmon").length === 0);
  expect(existsSync(podman.directory)).toBe(false);
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(podman.directory);
});
