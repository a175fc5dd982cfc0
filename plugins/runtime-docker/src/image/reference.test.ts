import { describe, expect, it } from "vitest";
import { REFERENCE, registryOf, withTag } from "./reference.ts";

describe("an image reference", () => {
  it.each([
    ["busybox", "docker.io", "busybox:latest"],
    ["busybox:1", "docker.io", "busybox:1"],
    ["library/busybox", "docker.io", "library/busybox:latest"],
    ["docker.io/library/busybox:1", "docker.io", "docker.io/library/busybox:1"],
    ["shop/api:v1", "docker.io", "shop/api:v1"],
    ["ghcr.io/shop/api:v1", "ghcr.io", "ghcr.io/shop/api:v1"],
    ["localhost/shop", "localhost", "localhost/shop:latest"],
    ["localhost:5000/shop", "localhost:5000", "localhost:5000/shop:latest"],
    ["registry:5000/a/b/shop:v1", "registry:5000", "registry:5000/a/b/shop:v1"],
    ["10.0.0.1:5000/shop", "10.0.0.1:5000", "10.0.0.1:5000/shop:latest"],
    ["[fd00::1]:5000/shop", "[fd00::1]:5000", "[fd00::1]:5000/shop:latest"],
    [`shop@sha256:${"a".repeat(64)}`, "docker.io", `shop@sha256:${"a".repeat(64)}`],
    [`ghcr.io/shop:v1@sha256:${"a".repeat(64)}`, "ghcr.io", `ghcr.io/shop:v1@sha256:${"a".repeat(64)}`],
    ["with.dot", "docker.io", "with.dot:latest"],
    ["Not-A-Host/shop", "docker.io", "Not-A-Host/shop:latest"],
    ["a__b/c--d/e.f_g", "docker.io", "a__b/c--d/e.f_g:latest"],
    [`sha256:${"a".repeat(64)}`, "docker.io", `sha256:${"a".repeat(64)}`],
  ])("%s is of %s, and pulled as %s", (image, registry, tagged) => {
    expect(image).toMatch(new RegExp(REFERENCE, "u"));
    expect(registryOf(image)).toBe(registry);
    expect(withTag(image)).toBe(tagged);
  });

  // In a path of the engine's API each of them would be another path, or the beginning of a query.
  it.each([
    "../containers/json?x=",
    "..",
    "a/../b",
    "a//b",
    "//host/a",
    "/a",
    "a/",
    "busybox:1/get?",
    "busybox?x=",
    "busybox#x",
    "busybox%2f..",
    "a b",
    "a\n",
    "Shop",
    "-a",
    "a:",
    "a:-1",
    "a@sha256:xyz",
    "a\\b",
    "",
  ])("%j is none", (text) => expect(text).not.toMatch(new RegExp(REFERENCE, "u")));
});
