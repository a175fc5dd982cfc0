import { type Filter, roomIf } from "./filter.ts";

export const cordon: Filter = {
  name: "cordon",
  room: ({ node }) => roomIf(!node.cordoned),
  reason: () => "is cordoned",
};
