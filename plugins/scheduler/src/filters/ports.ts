import type { Filter } from "./filter.ts";

/** A port of the host is had by one instance. */
export const ports: Filter = {
  name: "ports",
  concerns: ({ request }) => request.ports.length > 0,
  room: (state, { request }) => (request.ports.some((port) => state.ports.has(port)) ? 0 : 1),
  reason: (state, { request }) => `has taken ${request.ports.filter((port) => state.ports.has(port)).join(", ")}`,
};
