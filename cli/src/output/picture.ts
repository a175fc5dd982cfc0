import { clearScreenDown, cursorTo } from "node:readline";

/** The ages in a picture grow by themselves. */
const REPAINT_MS = 1_000;

/** Something that is shown over and over: redrawn in place on a terminal, one after the other elsewhere. */
export interface Picture {
  /** Whether anything was shown yet. */
  readonly shown: boolean;
  /** Shows a new state of things; `render` may be called again later, for what depends on the time. */
  show(value: unknown, render: () => string): void;
  /** Tells of a trouble, until the next `show`. */
  warn(text: string): void;
  close(): void;
}

/** Opens the picture on stdout. For programs it is one line of JSON a state. */
export function openPicture(json: boolean): Picture {
  return process.stdout.isTTY && !json ? new ScreenPicture() : new LinePicture(json);
}

class LinePicture implements Picture {
  readonly #json: boolean;
  #last: string | undefined;

  constructor(json: boolean) {
    this.#json = json;
  }

  get shown(): boolean {
    return this.#last !== undefined;
  }

  show(value: unknown, render: () => string): void {
    const text = this.#json ? JSON.stringify(value) : `${render()}\n`;
    if (text !== this.#last) process.stdout.write(`${text}\n`);
    this.#last = text;
  }

  warn(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  close(): void {}
}

class ScreenPicture implements Picture {
  #render: (() => string) | undefined;
  #warning = "";
  readonly #timer = setInterval(() => this.#paint(), REPAINT_MS);

  get shown(): boolean {
    return this.#render !== undefined;
  }

  show(_value: unknown, render: () => string): void {
    this.#render = render;
    this.#warning = "";
    this.#paint();
  }

  warn(text: string): void {
    this.#warning = text;
    this.#paint();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #paint(): void {
    if (!this.#render) return;
    cursorTo(process.stdout, 0, 0);
    clearScreenDown(process.stdout);
    const hint = this.#warning || "Ctrl-C ends this; the apps go on.";
    process.stdout.write(`${this.#render()}\n\n${hint}\n`);
  }
}
