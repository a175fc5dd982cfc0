import type { FastifyInstance } from "fastify";
import { answerLateClient } from "./error-answers.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Its body may take as long to arrive as the server's `largeBodyTimeoutMs` says. @default false */
    largeBody?: boolean;
  }
}

/**
 * Node has one deadline for all requests, which is that of the largest: here is the one of all others, and of what a client
 * goes on to send after it was refused.
 */
export function boundBodies(app: FastifyInstance, timeoutMs: number): void {
  app.addHook("onRequest", ({ id, raw, routeOptions }, { raw: answer }, done) => {
    const { "content-length": length = "0", "transfer-encoding": encoding } = raw.headers;
    if (encoding !== undefined || length !== "0") {
      let timer: NodeJS.Timeout | undefined;
      const begin = (): void => {
        timer = setTimeout(() => {
          if (answer.headersSent) raw.socket.destroy();
          else answerLateClient(raw.socket, id);
        }, timeoutMs);
      };
      if (routeOptions.config.largeBody === true) answer.once("finish", () => raw.closed || begin());
      else begin();
      raw.once("close", () => clearTimeout(timer));
    }
    done();
  });
}
