import { isProblem, ProblemError } from "./problem-error.ts";

/** A line longer than this is a fault of the server, not data. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * The values of an answer in NDJSON (`application/x-ndjson`), as they come.
 *
 * @throws ProblemError when the server says, in the last line, that it could not go on.
 */
export async function* readNdjson<T>(response: Response): AsyncGenerator<T> {
  let rest = "";
  for await (const chunk of textOf(response)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_CHARACTERS) throw new Error(`a line of ${response.url} is too long`);
    for (const line of lines) {
      if (line.trim() !== "") yield readLine<T>(line);
    }
  }
  if (rest.trim() !== "") yield readLine<T>(rest);
}

function readLine<T>(line: string): T {
  const value = JSON.parse(line);
  if (typeof value === "object" && value !== null && isProblem(value.problem)) throw new ProblemError(value.problem);
  return value;
}

function textOf(response: Response): ReadableStream<string> {
  if (!response.body) throw new Error(`${response.url} answered without a body`);
  return response.body.pipeThrough(new TextDecoderStream());
}
