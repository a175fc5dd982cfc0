import { setTimeout as pause } from "node:timers/promises";
import { type AgentClient, answer, UnreachableError } from "@damson/client";
import type { Context } from "./context.ts";
import { interruptSignal } from "./interrupt.ts";
import { lostText } from "./output/lost.ts";
import { openPicture, type Picture } from "./output/picture.ts";
import { statusList, statusOfApp } from "./output/status-view.ts";

/** Events that come together are one change of the picture. */
const GATHER_MS = 100;

/**
 * Shows the status, and again whenever the agent reports that something happened, until Ctrl-C. While the agent is
 * away it says so, and goes on when the agent is back.
 *
 * @throws what the first question to the agent throws, and `APP_NOT_FOUND` when the app goes.
 */
export async function watchStatus(context: Context, app: string | undefined): Promise<void> {
  const signal = interruptSignal();
  const client = context.agent();
  const picture = openPicture(context.json);
  const changes = new Changes();
  const following = followChanges(client, app, changes, picture, signal);
  try {
    do {
      await showStatus(client, app, context, picture, signal);
      await Promise.race([changes.next(), following]);
      await pause(GATHER_MS, undefined, { signal });
    } while (!signal.aborted);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    picture.close();
  }
}

async function followChanges(
  client: AgentClient,
  app: string | undefined,
  changes: Changes,
  picture: Picture,
  signal: AbortSignal,
): Promise<void> {
  const events = client.followEvents(app === undefined ? {} : { app }, {
    signal,
    onConnect: () => changes.add(),
    onDisconnect: (reason, retryInMs) => picture.warn(lostText(client.url, reason, retryInMs)),
  });
  for await (const _event of events) changes.add();
}

async function showStatus(
  client: AgentClient,
  app: string | undefined,
  { colors }: Context,
  picture: Picture,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (app === undefined) {
      const list = await answer(client.api.GET("/v1/status", { signal }));
      picture.show(list, () => statusList(list, colors));
    } else {
      const one = await answer(client.api.GET("/v1/status/{app}", { params: { path: { app } }, signal }));
      picture.show(one, () => statusOfApp(one, colors));
    }
  } catch (thrown) {
    // Once a picture stands, the follower tells of the break and of its end.
    if (!(thrown instanceof UnreachableError && picture.shown)) throw thrown;
  }
}

/** Counts changes that nobody has looked at yet as one. */
class Changes {
  #pending = false;
  #wake: (() => void) | undefined;

  add(): void {
    this.#pending = true;
    this.#wake?.();
  }

  /** Resolves when there is a change, at once when there was one since the last call. */
  async next(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#pending = false;
  }
}
