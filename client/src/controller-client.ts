import { type ClientOptions, type Connection, connect } from "./connection.ts";
import type { paths } from "./controller.generated.ts";
import type { Artifact, ControllerEvent, EventsQuery } from "./controller-types.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { readNdjson } from "./streams.ts";
import { sendFile } from "./upload.ts";

/** How to upload. */
export interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** The same key again gets the first answer. */
  readonly idempotencyKey?: string | undefined;
  /** Called as the archive goes out. */
  readonly onProgress?: ((sentBytes: number, totalBytes: number) => void) | undefined;
}

/** Typed calls to a controller. Everything throws `ProblemError` or `UnreachableError`. */
export interface ControllerClient extends Connection<paths> {
  /** The events that the controller keeps, oldest first. */
  events(query: Omit<EventsQuery, "follow">): AsyncIterable<ControllerEvent>;
  /** Events as they happen, also over a restart of the controller; with `after`, those since the event of that id first. */
  followEvents(
    query: Omit<EventsQuery, "follow" | "last_event_id"> & { after?: string },
    options: FollowOptions,
  ): AsyncIterable<ControllerEvent>;
  /**
   * Uploads a zip archive, which is streamed: `await openAsBlob(path)` gives a file of Node's. Breaks off when nothing moves
   * for as long as an answer may take.
   */
  upload(archive: Blob, options?: UploadOptions): Promise<Artifact>;
}

/** A client of the controller at `url`. Nothing is sent yet. */
export function createControllerClient(options: ClientOptions): ControllerClient {
  const { url, api } = connect<paths>(options);
  return {
    url,
    api,
    async *events(query) {
      const call = api.GET("/v1/events", { params: { query: { ...query, follow: false } }, parseAs: "stream" });
      yield* readNdjson<ControllerEvent>((await call).response);
    },
    followEvents({ after, ...query }, follower) {
      return follow<ControllerEvent>(async (lastId) => {
        const from = lastId ?? after;
        const { response } = await api.GET("/v1/events", {
          params: { query },
          headers: { accept: "text/event-stream", ...(from === undefined ? {} : { "last-event-id": from }) },
          parseAs: "stream",
          signal: follower.signal,
        });
        return response;
      }, follower);
    },
    async upload(archive, { signal, idempotencyKey, onProgress } = {}) {
      const { token, timeoutMs = 30_000 } = options;
      const response = await sendFile(archive, {
        url: `${url}/v1/apps/upload`,
        server: url,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        },
        stallMs: timeoutMs,
        signal,
        onProgress: onProgress && ((sentBytes) => onProgress(sentBytes, archive.size)),
      });
      const artifact: Artifact = JSON.parse(await response.text());
      return artifact;
    },
  };
}
