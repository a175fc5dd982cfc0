import { InvalidArgumentError } from "commander";

/** Reads a flag's whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError("Expected a whole number, 0 or more.");
  return Number(text);
}

/** Reads a flag's whole number, 1 or more. */
export function atLeastOne(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number, 1 or more.");
  return Number(text);
}

/** Gathers the values of a flag that may be repeated. */
export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}
