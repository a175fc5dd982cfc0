import { writeFileSync } from "node:fs";

const SCRIPT = `#!/bin/sh
previous=
for word in "$@"; do
  case $previous in --bundle) spec=$word/config.json ;; --process) spec=$word ;; esac
  previous=$word
done
[ -f "$spec" ] && sed -i 's/"oomScoreAdj":-[0-9]*/"oomScoreAdj":0/
  s/"hard":\\(1048576\\|4194304\\),"soft":\\1/"hard":10000,"soft":10000/g' "$spec"
exec runc "$@"
`;

/**
 * Writes an OCI runtime: runc, less two wishes that need CAP_SYS_RESOURCE, which root in a sandbox may lack. They are a
 * lower oom_score_adj, and the limits of open files and processes that Podman sets where nobody asked for any.
 */
export function writeOciRuntime(path: string): void {
  writeFileSync(path, SCRIPT, { mode: 0o755 });
}
