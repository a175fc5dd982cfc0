import fc from "fast-check";
import { fromSchema, odd, type Schema } from "./from-schema.ts";

/** An OpenAPI document, as far as requests are made by it. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of it. */
export interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** A request that the document describes, more or less. */
export interface FuzzRequest {
  readonly method: string;
  readonly template: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Requests to every operation of the document, but for those whose answer has no end. */
export function requests(
  document: OpenApi,
  known: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<FuzzRequest> {
  const resolve = (ref: string): Schema => document.components.schemas[ref.split("/").at(-1) ?? ""] ?? {};
  const all = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      ENDLESS.has(template) ? [] : [requestTo({ template, method: method.toUpperCase(), operation, resolve, known })],
    ),
  );
  return fc.oneof(...all);
}

const ENDLESS = new Set(["/v1/stream"]);

interface Target {
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
  readonly resolve: (ref: string) => Schema;
  readonly known: Readonly<Record<string, readonly string[]>>;
}

function requestTo({ template, method, operation, resolve, known }: Target): fc.Arbitrary<FuzzRequest> {
  const { parameters = [], requestBody } = operation;
  const arbitraryOf = (name: string, schema: Schema): fc.Arbitrary<unknown> => {
    const names = known[name];
    return names
      ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, fromSchema(schema, resolve))
      : fromSchema(schema, resolve);
  };
  const paths = parameters.filter((one) => one.in === "path");
  const queries = parameters.filter((one) => one.in === "query" && one.name !== "timeout" && one.name !== "wait");
  const json = requestBody?.content["application/json"]?.schema;
  return fc
    .record({
      path: fc.tuple(...paths.map(({ name, schema }) => arbitraryOf(name, schema))),
      query: fc.record(Object.fromEntries(queries.map(({ name, schema }) => [name, arbitraryOf(name, schema)])), {
        requiredKeys: queries.filter(({ required }) => required).map(({ name }) => name),
      }),
      body: json ? fc.oneof({ weight: 15, arbitrary: fromSchema(json, resolve) }, odd) : fc.constant(undefined),
      contentType: fc.oneof(
        { weight: 20, arbitrary: fc.constant("application/json") },
        fc.constantFrom("text/plain", "multipart/form-data", "application/json; charset=x"),
      ),
      ifMatch: fc.option(fc.constantFrom('"1"', '"0"', "*", "x"), { freq: 20 }),
      key: fc.option(fc.constantFrom("key-1", "key-2", ""), { freq: 10 }),
    })
    .map(({ path, query, body, contentType, ifMatch, key }) => {
      let filled = template;
      for (const [index, { name }] of paths.entries()) filled = filled.replace(`{${name}}`, encode(path[index]));
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) search.append(name, textOf(value));
      // The events end only with this.
      if (template === "/v1/events") search.set("follow", "false");
      return {
        method,
        template,
        url: `${filled}?${search}`,
        headers: {
          ...(body !== undefined && { "content-type": contentType }),
          ...(ifMatch !== null && { "if-match": ifMatch }),
          ...(key !== null && { "idempotency-key": key }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      };
    });
}

function encode(value: unknown): string {
  // A lone surrogate has no encoding.
  return encodeURIComponent(textOf(value).toWellFormed());
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
