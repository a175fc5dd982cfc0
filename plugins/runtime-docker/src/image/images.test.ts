import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, TestDocker } from "../fixtures/test-docker.ts";
import { memoryDocument } from "../fixtures/test-engine.ts";
import type { PulledImages } from "./images.ts";

/** Nobody listens there. */
const NOWHERE = "127.0.0.1:1";
const LONG_AGO = "2020-01-01T00:00:00.000Z";

let test: TestDocker;
let pulled: ReturnType<typeof memoryDocument<PulledImages>>;
beforeEach(() => {
  pulled = memoryDocument<PulledImages>({ images: {} });
  test = new TestDocker({ pulled, config: { image_gc: { unused_for: "1h" } } });
});
afterEach(() => test.dispose());

describeWithEngine("an image", () => {
  it("that is there is not fetched again, unless that is asked for", async () => {
    const image = await test.tag();
    await test.run(test.script("true", { image }));
    await test.run(test.script("true", { image, pull_policy: "never" }));
    expect(pulled.value.images).toEqual({});
    await expect(
      test.run(test.script("true", { image: `${NOWHERE}/shop:v1`, pull_policy: "always" })),
    ).rejects.toMatchObject({
      code: "IMAGE_PULL_FAILED",
    });
  });

  it("that must not be fetched and is not there is refused early and late", async () => {
    const instance = test.script("true", { image: "damson-test-none:v1", pull_policy: "never" });
    const refused = { code: "IMAGE_MISSING", status: 422, issues: [{ path: "pkg.image" }] };
    await test.runtime.check();
    await expect(test.runtime.admit(instance)).rejects.toMatchObject(refused);
    await expect(test.run(instance)).rejects.toMatchObject(refused);
    await expect(test.runtime.start(instance)).rejects.toMatchObject(refused);
    expect(await test.containers()).toEqual([]);
  });

  it("of a registry that does not answer may be there later", async () => {
    const reports: string[] = [];
    const instance = test.script("true", { image: `${NOWHERE}/shop:v1` });
    await test.runtime.admit(instance);
    const pull = test.runtime.prepare(instance, ({ step }) => reports.push(step), new AbortController().signal);
    await expect(pull).rejects.toMatchObject({
      code: "IMAGE_PULL_FAILED",
      status: 422,
      retryable: true,
      message: expect.stringContaining("connection refused"),
      remedy: expect.stringContaining(NOWHERE),
      issues: [{ path: "pkg.image" }],
    });
    expect(reports).toContain(`pulling ${NOWHERE}/shop:v1`);
    expect(pulled.value.images).toEqual({});
  });

  it("is not fetched any longer when nobody waits for it", async () => {
    const leaving = new AbortController();
    const instance = test.script("true", { image: `${NOWHERE}/shop:v1` });
    leaving.abort(new Error("nobody waits"));
    await expect(test.runtime.prepare(instance, () => undefined, leaving.signal)).rejects.toThrow("nobody waits");
  });
});

describeWithEngine("images that nobody has asked for", () => {
  it("go when the plugin has fetched them, and no others", async () => {
    const [old, recent, used, foreign] = [await test.tag(), await test.tag(), await test.image({}), await test.tag()];
    await test.run(test.script("sleep 100", { image: used }));
    const recently = new Date(Date.now() - 60_000).toISOString();
    await pulled.update(() => ({
      images: { [old]: LONG_AGO, [recent]: recently, [used]: LONG_AGO, "damson-test-gone:v1": LONG_AGO },
    }));
    await test.open().check();
    expect(await Promise.all([old, recent, used, foreign].map((image) => test.hasImage(image)))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(pulled.value.images).toEqual({ [recent]: recently, [used]: LONG_AGO });
  });

  it("stay while they are asked for again and again", async () => {
    const image = await test.tag();
    await pulled.update(() => ({ images: { [image]: LONG_AGO } }));
    await test.runtime.prepare(test.script("true", { image }), () => undefined, new AbortController().signal);
    expect(Date.parse(String(pulled.value.images[image]))).toBeGreaterThan(Date.now() - 60_000);
    await test.open().check();
    expect(await test.hasImage(image)).toBe(true);
  });

  it("stay for ever where nothing says how long", async () => {
    const keeping = new TestDocker({ pulled });
    try {
      const image = await test.tag();
      await pulled.update(() => ({ images: { [image]: LONG_AGO } }));
      await keeping.runtime.check();
      expect(await test.hasImage(image)).toBe(true);
    } finally {
      await keeping.dispose();
    }
  });
});
