import { expect, it } from "vitest";
import { type DocumentKind, expectKind } from "./document-kind.ts";

function judged(kind: DocumentKind, value: { [key: string]: unknown }): unknown {
  try {
    return expectKind(kind, { file: "shop.yaml", value });
  } catch (thrown) {
    return thrown;
  }
}

it("says which command takes a document that is plainly of the other kind", () => {
  expect(judged("deployment", { app: "shop", version: "v1", pkg: {} })).toMatchObject({
    code: "DOCUMENT_MISPLACED",
    message: "shop.yaml is an apply document, not a deployment: it has pkg",
    remedy: expect.stringContaining("`damson apply -f shop.yaml`"),
  });
  expect(judged("app", { name: "shop", spec: {} })).toMatchObject({
    code: "DOCUMENT_MISPLACED",
    message: "shop.yaml is a deployment, not an apply document: it has spec",
    remedy: expect.stringContaining("`damson deploy -f shop.yaml`"),
  });
});

it("leaves all else to the server", () => {
  for (const kind of ["app", "deployment"] as const) {
    for (const value of [{}, { kind: "Deployment" }, { spec: {}, pkg: {} }]) {
      expect(judged(kind, value)).toBeUndefined();
    }
  }
  expect(judged("app", { pkg: {}, replicas: 2 })).toBeUndefined();
  expect(judged("deployment", { name: "shop", artifact: "./a.zip", version: "v1" })).toBeUndefined();
});
