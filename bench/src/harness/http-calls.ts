import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** What calls took, by method and path, in milliseconds. */
export type CallTimes = Map<string, number[]>;

/** Notes in `times` how long each call over HTTP took that this process makes during `work`. */
export async function noting<T>(times: CallTimes, work: () => Promise<T>): Promise<T> {
  const begun = new WeakMap<ClientRequest, number>();
  const onCreated = (message: unknown): void => {
    if (isCall(message)) begun.set(message.request, performance.now());
  };
  const onAnswer = (message: unknown): void => {
    if (!isCall(message)) return;
    const { request } = message;
    const name = `${request.method} ${request.path.replace(/\?.*/, "").replace(/[0-9a-f]{64}/, "{id}")}`;
    times.set(name, [...(times.get(name) ?? []), performance.now() - (begun.get(request) ?? Number.NaN)]);
  };
  subscribe("http.client.request.created", onCreated);
  subscribe("http.client.response.finish", onAnswer);
  try {
    return await work();
  } finally {
    unsubscribe("http.client.request.created", onCreated);
    unsubscribe("http.client.response.finish", onAnswer);
  }
}

function isCall(message: unknown): message is { request: ClientRequest; response?: IncomingMessage } {
  return typeof message === "object" && message !== null && "request" in message;
}
