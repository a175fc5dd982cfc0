import { type Logger, type LoggerOptions, pino } from "pino";

/** The log of an agent or a controller on this stream: one JSON document a line, or plain lines where a person watches a terminal. */
export async function serverLogger(
  stream: NodeJS.WriteStream,
  level: LoggerOptions["level"] & string,
): Promise<Logger> {
  if (!stream.isTTY) return pino({ level }, stream);
  const { default: pretty } = await import("pino-pretty");
  const lines = pretty({
    destination: stream,
    ignore: "pid,hostname",
    singleLine: true,
    translateTime: "HH:MM:ss",
    colorize: !process.env.NO_COLOR,
  });
  return pino({ level }, lines);
}
