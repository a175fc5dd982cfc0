import { InvalidArgumentError } from "commander";

/** Reads a flag's whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError("Expected a whole number, 0 or more.");
  return Number(text);
}
