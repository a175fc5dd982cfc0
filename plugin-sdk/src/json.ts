/** A value that survives a round trip through JSON. What handles, documents and events are made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. An absent property and `undefined` are the same. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
