import type { Progress } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { pullProgress } from "./progress.ts";

async function reports(...lines: readonly object[]): Promise<Omit<Progress, "step">[]> {
  const found: Omit<Progress, "step">[] = [];
  async function* stream() {
    for (const line of lines) yield `${JSON.stringify(line)}\r\n`;
  }
  await pullProgress(stream(), (progress) => found.push(progress));
  return found;
}
const downloading = (id: string, current: number, total: number) => ({
  status: "Downloading",
  id,
  progressDetail: { current, total },
  progress: "[==>  ]",
});

describe("the progress of a pull", () => {
  it("is that of all layers together", async () => {
    const found = await reports(
      { status: "Pulling from library/shop", id: "v1" },
      { status: "Pulling fs layer", id: "a", progressDetail: {} },
      downloading("a", 10, 100),
      downloading("b", 0, 50),
      downloading("a", 100, 100),
      { status: "Download complete", id: "a", progressDetail: {} },
      { status: "Extracting", id: "a", progressDetail: { current: 5, total: 100 } },
      downloading("b", 50, 50),
      { status: "Pull complete", id: "a", progressDetail: {} },
      { status: "Digest: sha256:aa" },
    );
    expect(found).toEqual([
      { done: 10, total: 100 },
      { done: 10, total: 150 },
      { done: 100, total: 150 },
      { done: 150, total: 150 },
    ]);
  });

  it("of an image that is there already is none", async () => {
    expect(
      await reports({ status: "Already exists", id: "a", progressDetail: {} }, { status: "Image is up to date" }),
    ).toEqual([]);
  });

  it("leaves out what has no numbers, as of a layer of unknown size", async () => {
    expect(
      await reports(
        { status: "Downloading", id: "a" },
        { status: "Downloading", id: "a", progressDetail: { current: 4 } },
      ),
    ).toEqual([]);
  });

  it("ends with the engine's words when the pull fails", async () => {
    const error = "manifest for shop:v9 not found: manifest unknown";
    await expect(reports(downloading("a", 1, 2), { errorDetail: { message: error }, error })).rejects.toThrow(error);
  });
});
