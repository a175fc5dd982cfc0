import fc from "fast-check";
import { fromSchema, odd, type Schema, type Sources } from "./from-schema.ts";

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
export function requests(document: OpenApi, known: Sources["known"]): fc.Arbitrary<FuzzRequest> {
  const sources: Sources = {
    resolve: (ref) => document.components.schemas[ref.split("/").at(-1) ?? ""] ?? {},
    known,
  };
  const all = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      ENDLESS.has(template) ? [] : [requestTo({ template, method: method.toUpperCase(), operation, sources })],
    ),
  );
  return fc.oneof(...all);
}

const ENDLESS = new Set(["/v1/stream"]);

interface Target {
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
  readonly sources: Sources;
}

function requestTo({ template, method, operation, sources }: Target): fc.Arbitrary<FuzzRequest> {
  const { parameters = [], requestBody } = operation;
  const arbitraryOf = (name: string, schema: Schema): fc.Arbitrary<unknown> => {
    const known = sources.known[name];
    const any = fromSchema(schema, sources);
    return known ? fc.oneof({ weight: 6, arbitrary: known }, any) : any;
  };
  const paths = parameters.filter((one) => one.in === "path");
  const queries = parameters.filter((one) => one.in === "query" && one.name !== "timeout" && one.name !== "wait");
  const json = requestBody?.content["application/json"]?.schema;
  return fc
    .record({
      path: fc.tuple(...paths.map(({ name, schema }) => arbitraryOf(name, schema))),
      query: fc.tuple(
        ...queries.map(({ name, schema, required = false }) =>
          required ? arbitraryOf(name, schema) : rarely(5, arbitraryOf(name, schema)),
        ),
      ),
      body: json ? fc.oneof({ weight: 15, arbitrary: fromSchema(json, sources) }, odd) : fc.constant(undefined),
      contentType: fc.oneof(
        { weight: 20, arbitrary: fc.constant("application/json") },
        fc.constantFrom("text/plain", "multipart/form-data", "application/json; charset=x"),
      ),
      ifMatch: rarely(20, fc.constantFrom('"1"', '"0"', "*", "x")),
      key: rarely(10, fc.constantFrom("key-1", "key-2", "")),
    })
    .map(({ path, query, body, contentType, ifMatch, key }) => {
      let filled = template;
      for (const [index, { name }] of paths.entries()) filled = filled.replace(`{${name}}`, encode(path[index]));
      const search = new URLSearchParams();
      for (const [index, { name }] of queries.entries()) {
        if (query[index] !== undefined) search.append(name, textOf(query[index]));
      }
      // The events end only with this.
      if (template === "/v1/events") search.set("follow", "false");
      return {
        method,
        template,
        url: `${filled}?${search}`,
        headers: {
          ...(body !== undefined && { "content-type": contentType }),
          ...(ifMatch !== undefined && { "if-match": ifMatch }),
          ...(key !== undefined && { "idempotency-key": key }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      };
    });
}

/** Now and then a value; `undefined` so many times as often. */
function rarely<T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function encode(value: unknown): string {
  // A lone surrogate has no encoding.
  return encodeURIComponent(textOf(value).toWellFormed());
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
