import { post, type Sent } from "./requests.ts";

/** One bad request: what is wrong with it, its bytes, and the status, the code and the path in `errors` of the answer. */
export type BadInput = readonly [what: string, sent: Sent, status: number, code: string, path?: string];

/** Files that the rows name. */
export interface Places {
  /** Not there; whatever runs by mistake makes it. */
  readonly canary: string;
  /** There, and not executable. */
  readonly plainFile: string;
  /** Not there. */
  readonly absent: string;
}

/** Fields of a document or a package. */
export type Fields = Readonly<Record<string, unknown>>;

/** A package that would leave the canary behind if it ever ran. */
export function touching({ canary }: Places): Fields {
  return { type: "binary", command: ["/usr/bin/touch", canary] };
}

/** A valid apply document around that package. */
export function validDocument(places: Places): Fields {
  return { app: "refused", version: "v1", pkg: touching(places), restart: "never" };
}

/** Makes requests to apply the valid document with these fields in place of its own. */
export function applying(places: Places): (fields: Fields) => Sent {
  const valid = validDocument(places);
  return (fields) => post("/v1/apply", { ...valid, ...fields });
}
