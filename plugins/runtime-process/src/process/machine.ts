import { readFileSync } from "node:fs";
import { endianness } from "node:os";

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Sizes that /proc counts in: bytes of a page and clock ticks of a second, as the kernel tells each process (getauxval(3)). */
export function machineUnits(): { pageBytes: number; ticksPerSecond: number } {
  const units = { pageBytes: 4_096, ticksPerSecond: 100 };
  const auxv = readFileSync("/proc/self/auxv");
  const word = (at: number) => (endianness() === "LE" ? auxv.readBigUInt64LE(at) : auxv.readBigUInt64BE(at));
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (word(at) === AT_PAGESZ) units.pageBytes = Number(word(at + 8));
    if (word(at) === AT_CLKTCK) units.ticksPerSecond = Number(word(at + 8));
  }
  return units;
}
