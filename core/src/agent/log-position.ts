import { DamsonError } from "@damson/plugin-sdk";

/**
 * How far an app's log was read: a cursor for each of its instances. As text, `<instance>=<cursor>` joined by commas;
 * `Last-Event-ID` and `?after=` take that text, and a bare cursor where a single instance is meant.
 */
export class LogPosition {
  readonly #cursors: Map<string, string>;

  private constructor(cursors: Map<string, string>) {
    this.#cursors = cursors;
  }

  /** @throws DamsonError `LOG_POSITION_INVALID` (400) for a bare cursor when several instances are meant */
  static parse(text: string | undefined, instanceIds: readonly string[]): LogPosition {
    if (text === undefined || text === "") return new LogPosition(new Map());
    if (!text.includes("=")) {
      const [only, ...others] = instanceIds;
      if (only === undefined || others.length > 0) throw invalid("a bare cursor needs ?instance=");
      return new LogPosition(new Map([[only, text]]));
    }
    const pairs = text.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      if (at < 1 || at === pair.length - 1) throw invalid(`"${pair}" is not <instance>=<cursor>`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
    return new LogPosition(new Map(pairs));
  }

  of(instanceId: string): string | undefined {
    return this.#cursors.get(instanceId);
  }

  advance(instanceId: string, cursor: string): void {
    this.#cursors.set(instanceId, cursor);
  }

  toString(): string {
    return [...this.#cursors].map(([instanceId, cursor]) => `${instanceId}=${cursor}`).join(",");
  }
}

function invalid(message: string): DamsonError {
  return new DamsonError("LOG_POSITION_INVALID", message, {
    status: 400,
    issues: [
      { path: "after", message, hint: "Use the id of an event, or the cursor of a line together with ?instance=." },
    ],
  });
}
