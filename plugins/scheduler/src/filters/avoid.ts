import { ownValue } from "../own-value.ts";
import { type Filter, roomIf } from "./filter.ts";

export const avoid: Filter = {
  name: "avoid",
  concerns: ({ request }) => request.avoid !== undefined,
  room: ({ node }, { request }) => roomIf(ownValue(request.avoid ?? {}, node.nodeId) === undefined),
  reason: ({ node }, { request }) => `is avoided: ${ownValue(request.avoid ?? {}, node.nodeId)}`,
};
