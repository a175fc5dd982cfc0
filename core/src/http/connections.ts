import type { Server } from "node:http";
import type { Socket } from "node:net";

/** The connections of a server, of which there may be several for one name. */
export class Connections {
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();

  /** Before it listens. */
  of(server: Server): void {
    this.#servers.push(server);
    server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
  }

  /**
   * Ends those on which no request is under way: they would be kept for the next one, which cannot come. Node does not count
   * those among them that have brought none yet, as clients open them ahead.
   */
  endIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
  }

  endAll(): void {
    for (const server of this.#servers) server.closeAllConnections();
  }
}
