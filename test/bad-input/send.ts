import { connect } from "node:net";
import type { Sent } from "./requests.ts";

/** An HTTP answer, taken apart. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LONGEST_MS = 20_000;

/** Sends bytes, whatever they are, and resolves with what came back until the server closed the connection. */
export function send(url: string, bytes: Sent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let fault = new Error("the agent closed the connection without an answer");
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(LONGEST_MS, () => socket.destroy(new Error("the agent did not answer")));
    socket.on("data", (chunk) => chunks.push(chunk));
    // A reset after the answer is how a server refuses to read the rest of a request.
    socket.on("error", (error) => {
      fault = error;
    });
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString();
      if (text.includes("\r\n\r\n")) resolve(takeApart(text));
      else reject(fault);
    });
  });
}

function takeApart(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [start = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(start.split(" ")[1]), headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}
