export { type TarEntry, tarGzOf } from "./tar.ts";
export { type ZipEntry, zipOf } from "./zip.ts";
