import { createServer } from "node:http";

const port = Number(process.env.PORT);
const { DAMSON_APP: app, DAMSON_VERSION: version, DAMSON_INSTANCE_ID: instance } = process.env;

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url}`);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`Hello from ${app} ${version} (${instance}, pid ${process.pid}).\n`);
});

server.listen(port, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${port}/`));

process.once("SIGTERM", () => {
  console.log("Told to stop.");
  server.close();
});
