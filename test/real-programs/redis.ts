import { connect } from "node:net";

/** Sends one command in Redis' inline form, and gives the raw answer, e.g. `$5\r\nhello\r\n` or `+OK\r\n`. */
export function redis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").setTimeout(5_000, () => socket.destroy(new Error("no answer within 5 s")));
    socket.on("error", reject);
    socket.on("data", (text: string) => {
      answer += text;
    });
    socket.on("end", () => resolve(answer));
    socket.write(`${command}\r\nQUIT\r\n`);
  }).then((answer) => String(answer).replace(/\+OK\r\n$/, ""));
}
