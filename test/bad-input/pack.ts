import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** One entry of an archive, as bad as it may be. */
export interface Packed {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: "file" | "symlink" | "hardlink" | "device" | "fifo" | "directory";
  /** Of a link. */
  readonly target?: string;
  /** Put in the headers in place of the true one; zip only. */
  readonly size?: number;
  /** Deflated; zip only. @default stored as it is */
  readonly deflate?: boolean;
  readonly encrypted?: boolean;
}

const TAR_TYPES = { file: "0", hardlink: "1", symlink: "2", device: "3", directory: "5", fifo: "6" } as const;
const BLOCK = 512;
const UNIX = 3 << 8;
const ZIP_MODES = { file: 0o100755, symlink: 0o120777, directory: 0o040755, device: 0o020644, fifo: 0o010644 } as const;

/** A tar.gz archive (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, ustar). */
export function tarGz(entries: readonly Packed[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "file", target = "" }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, at: number, length: number) =>
      header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
    header.write(name, 0, 100, "utf8");
    octal(0o755, 100, 8);
    octal(0, 108, 8);
    octal(0, 116, 8);
    octal(bytes.length, 124, 12);
    octal(0, 136, 12);
    header.write(" ".repeat(8), 148);
    header.write(TAR_TYPES[type], 156);
    header.write(target, 157, 100, "utf8");
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

/** A zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). */
export function zip(entries: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, type = "file", target, deflate = false, encrypted = false } = entry;
    const content = Buffer.from(target ?? entry.content ?? "");
    const bytes = deflate ? deflateRawSync(content) : content;
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800 | Number(encrypted), 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(entry.size ?? content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((type === "hardlink" ? ZIP_MODES.file : ZIP_MODES[type]) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, UNIX >> 8]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02"), version, common, tail, path]));
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, index, Buffer.from("PK\x05\x06"), end]);
}
