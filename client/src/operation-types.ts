/** The JSON that an operation answers. */
export type Json<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : never;
/** One line of what an operation streams. */
export type Lines<Operation> = Operation extends {
  responses: { 200: { content: { "application/x-ndjson": infer Line } } };
}
  ? Line
  : never;
/** The query string of an operation. */
export type Query<Operation> = Operation extends { parameters: { query?: infer Parameters } }
  ? NonNullable<Parameters>
  : never;

/** The JSON that an operation takes. */
export type Body<Operation> = Operation extends {
  requestBody?: { content: { "application/json": infer Content } };
}
  ? Content
  : never;
