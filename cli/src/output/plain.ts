import { stripVTControlCharacters } from "node:util";

/** Text from elsewhere, made safe for one line of a terminal: no escape sequences, no control characters. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, " ");
}
