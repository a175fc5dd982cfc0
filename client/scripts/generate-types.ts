import openapiTypescript, { astToString } from "openapi-typescript";

const HEADER = "// Generated from the OpenAPI document by `npm run generate`. Do not edit.\n\n";

/** TypeScript source of the types of an OpenAPI document, given as JSON text. */
export async function generateTypes(document: string): Promise<string> {
  const nodes = await openapiTypescript(document, { alphabetize: true });
  return HEADER + astToString(nodes);
}
