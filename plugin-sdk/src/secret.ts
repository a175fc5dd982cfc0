import { type TString, Type } from "typebox";

/** The `format` that marks a config value as secret: hosts never show it, in no API, log or error. */
export const SECRET_FORMAT = "secret";

/** A string in a config schema that must never be shown, e.g. a password or a token. */
export function Secret(options: { description?: string } = {}): TString {
  return Type.String({ ...options, format: SECRET_FORMAT });
}
