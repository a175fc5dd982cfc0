import type { Artifact } from "@damson/client";
import { expect, it } from "vitest";
import { whichArtifact } from "./which-artifact.ts";

function artifact(name: string, version: string): Artifact {
  const id = `${name}${version}`;
  const url = `/artifacts/${name}_${version}_0.zip`;
  return {
    artifactId: id,
    name,
    version,
    url,
    sha256: "0",
    sizeBytes: 1,
    createdAt: 0,
    type: "zip",
    services: [],
    usedBy: [],
    resourceVersion: 1,
  };
}

const ALL = [artifact("shop", "1"), artifact("shop", "2"), artifact("web", "1")];

it.each([
  ["web", undefined, "web1"],
  ["shop", "2", "shop2"],
  ["shop1", undefined, "shop1"],
  ["/artifacts/shop_2_0.zip", undefined, "shop2"],
])("finds %s %s", (words, version, id) => {
  expect(whichArtifact(ALL, words, version).artifactId).toBe(id);
});

it("asks for the version where there are several, and finds none where there is none", () => {
  expect(() => whichArtifact(ALL, "shop", undefined)).toThrow(
    expect.objectContaining({ exitCode: 2, remedy: "Say which one: shop 1 (shop1), shop 2 (shop2)." }),
  );
  expect(() => whichArtifact(ALL, "shop", "3")).toThrow(
    expect.objectContaining({ code: "ARTIFACT_NOT_FOUND", exitCode: 3 }),
  );
});
