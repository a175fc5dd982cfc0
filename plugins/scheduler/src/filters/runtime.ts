import { type Filter, roomIf } from "./filter.ts";

export const runtime: Filter = {
  name: "runtime",
  room: ({ node }, { request }) => roomIf(node.packageTypes.includes(request.packageType)),
  reason({ node }, { request }) {
    const others = node.packageTypes.length === 0 ? "none" : node.packageTypes.join(", ");
    return `has no runtime for packages of type ${request.packageType}; has ${others}`;
  },
};
