import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { describeWithEngine, TestDocker } from "./fixtures/test-docker.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

describeWithEngine("a command in a container", () => {
  it("is looked for in the directory that it is to run in", async () => {
    const handle = await test.run(test.script("sleep 100"));
    const request = { command: ["./sh", "-c", "pwd"], workingDir: "/bin" };
    const session = await test.runtime.exec?.(handle, request, AbortSignal.timeout(20_000));
    const output = await Array.fromAsync(session?.output ?? []);
    expect(Buffer.concat(output.map(({ data }) => data)).toString()).toBe("/bin\n");
    expect(await session?.exitCode()).toBe(0);
  });

  it("takes much input, and nothing is left behind of the waits for it", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    try {
      const handle = await test.run(test.script("sleep 100"));
      const request = { command: ["/bin/wc", "-c"] };
      const session = await test.runtime.exec?.(handle, request, AbortSignal.timeout(20_000));
      const taken = Array.fromAsync(session?.output ?? []);
      const piece = Buffer.alloc(65_536);
      for (let count = 0; count < 64; count += 1) await session?.write(piece);
      session?.end();
      const output = Buffer.concat((await taken).map(({ data }) => data)).toString();
      expect(Number(output)).toBe(64 * piece.length);
      expect(warned).not.toHaveBeenCalled();
    } finally {
      process.off("warning", warned);
    }
  });
});
