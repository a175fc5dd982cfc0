import { errorText, isDamsonError } from "@damson/plugin-sdk";

/** What went wrong, and what to do about it where the error says so: for a reader who sees nothing else of it. */
export function errorSentences(thrown: unknown): string {
  const text = errorText(thrown);
  const remedy = isDamsonError(thrown) ? thrown.remedy : undefined;
  if (!remedy) return text;
  return `${text}${/[.!?]$/.test(text) ? "" : "."} ${remedy}`;
}
