import { DamsonError, type ExecOutput, type TerminalSize } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { MAX_MESSAGE_BYTES, type Problem } from "../../http/index.ts";
import { compileSchema, issuesSummary } from "../../schema/index.ts";
import { TerminalColumns, TerminalRows } from "../schema/requests.ts";

/*
 * What goes over the WebSocket of an exec. A binary message is some bytes of a stream, behind one byte that names it: 0
 * stdin, 1 stdout, 2 stderr. A text message is JSON with a `type`.
 */

/** What a client sends as text. */
const ClientMessage = Type.Union([
  Type.Object(
    { type: Type.Literal("resize"), columns: TerminalColumns, rows: TerminalRows },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal("eof") }, { additionalProperties: false }),
]);

/** Something that a client wants of its command. */
export type ExecInput =
  | { readonly type: "stdin"; readonly data: Uint8Array }
  | { readonly type: "eof" }
  | { readonly type: "resize"; readonly size: TerminalSize };

/** The last message that a client is sent. */
export type ExecEnd =
  | { readonly type: "exit"; readonly code: number | null }
  | { readonly type: "error"; readonly problem: Problem };

const CHANNELS = { stdin: 0, stdout: 1, stderr: 2 } as const;
const checker = compileSchema(ClientMessage);

/** @throws DamsonError `EXEC_MESSAGE_INVALID` (400) */
export function readInput(data: Uint8Array, isBinary: boolean): ExecInput {
  if (isBinary) {
    if (data[0] === CHANNELS.stdin) return { type: "stdin", data: data.subarray(1) };
    throw invalid(`a binary message begins with byte 0, for stdin; this one with ${data[0] ?? "none"}`);
  }
  const message = parse(Buffer.from(data).toString());
  return message.type === "eof" ? message : { type: "resize", size: { columns: message.columns, rows: message.rows } };
}

/** The messages that carry some output: several when it is more than one may hold. */
export function* outputMessages({ stream, data }: ExecOutput): Iterable<Buffer> {
  const most = MAX_MESSAGE_BYTES - 1;
  const channel = Buffer.of(CHANNELS[stream]);
  for (let at = 0; at < data.length; at += most) yield Buffer.concat([channel, data.subarray(at, at + most)]);
}

/** The error of a message that cannot be taken. */
export function invalid(message: string): DamsonError {
  return new DamsonError("EXEC_MESSAGE_INVALID", message, { status: 400 });
}

function parse(text: string): Static<typeof ClientMessage> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("a text message is JSON, and this one is not");
  }
  const issues = checker.check(value);
  if (issues.length > 0) throw invalid(`the message is not valid: ${issuesSummary(issues)}`);
  return value as Static<typeof ClientMessage>;
}
