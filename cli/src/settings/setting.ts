import type { Machine } from "./machine.ts";
import type { Read } from "./read.ts";

/** One setting: everywhere that it can come from, highest precedence first, and what it is otherwise. */
export interface Setting<T = unknown> {
  readonly read: Read<T>;
  /** As commander writes it, e.g. `--port <number>`. Absent: cannot be given as a flag. */
  readonly flag?: string;
  /** Environment variables, in order of precedence; `.env` knows the same names. */
  readonly env: readonly string[];
  /** Key in damson.yaml. Absent: cannot be set there. */
  readonly file?: string;
  /** Value when nothing sets it. */
  readonly fallback?: string | ((machine: Machine) => string);
  /** The fallback in words, where it is not one plain value. */
  readonly fallbackText?: string;
  readonly description: string;
}
