import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApplyRequest } from "@damson/client";

/**
 * A version of an app that runs nginx in the foreground, which answers `<version>\n` on this port. Everything that nginx
 * writes goes to the directory that it is run in, so that it needs no root.
 */
export function nginxApp(program: string, directory: string, version: string, port: number): ApplyRequest {
  const config = join(directory, `nginx-${version}.conf`);
  writeFileSync(config, configOf(version, port));
  return {
    app: "web",
    version,
    pkg: { type: "binary", command: [program, "-p", "./", "-e", "stderr", "-c", config], args: ["-g", "daemon off;"] },
    stop: { signal: "SIGQUIT", grace_seconds: 10 },
    // Long enough for the test to send its clients to the new port: the old instance goes as soon as the new one is healthy.
    update: { strategy: "rolling", min_running: "5s" },
  };
}

function configOf(version: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return [
    "worker_processes 1;",
    "pid nginx.pid;",
    "events {}",
    "http {",
    "  access_log /dev/stdout;",
    ...temporary.map((name) => `  ${name}_temp_path ${name};`),
    `  server { listen 127.0.0.1:${port}; location / { return 200 "${version}\\n"; } }`,
    "}",
    "",
  ].join("\n");
}
