import { readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Json, Store } from "@damson/plugin-sdk";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";
import { type RawWrite, rawAppend, rawFiles } from "../peers/raw-writes.ts";

const OBJECTS = 20_000;
const OBJECTS_A_COMMIT = 100;
const LIMIT_SECONDS = 2;
const LOADS = 5;
const ROUNDS = 7;
const ROUND_MS = 400;
const WRITERS = 64;

interface Opened {
  readonly store: Store;
  close(): Promise<void>;
}
type Open = (options: { readonly directory: string; readonly closeMs?: number }) => Promise<Opened>;

/** The store that is built into the controller, alone in the benchmark's process. */
export async function measureStore(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const open = await installedStore(bin);
  return [await measureLoad(scratch.path("load"), open), ...(await measureCommits(scratch.path("commits"), open))];
}

async function measureLoad(directory: string, open: Open): Promise<Row> {
  // So that all is loaded from documents.
  const first = await open({ directory, closeMs: 600_000 });
  for (let start = 0; start < OBJECTS; start += OBJECTS_A_COMMIT) {
    const operations = Array.from({ length: OBJECTS_A_COMMIT }, (_, index) => ({
      put: `assignments/web.api-${start + index}`,
      value: assignment(start + index),
    }));
    await first.store.commit({ operations });
  }
  await first.close();
  const ours: number[] = [];
  const raw: number[] = [];
  for (let index = 0; index < LOADS; index += 1) {
    const begin = performance.now();
    const { store, close } = await open({ directory });
    ours.push((performance.now() - begin) / 1_000);
    if ((await store.list("")).entries.length !== OBJECTS) throw new Error("objects were lost");
    await close();
    raw.push(readRaw(join(directory, "objects")));
  }
  const [spread, peer] = [spreadOf(ours), spreadOf(raw)];
  return {
    what: `store: loading ${OBJECTS.toLocaleString("en")} assignments of ${JSON.stringify(assignment(1)).length} bytes`,
    measured: showSpread(spread, "s"),
    peer: `\`readFileSync\` and \`JSON.parse\` of the same files: ${showSpread(peer, "s")}`,
    ratio: `${round(spread.median / peer.median)} ×`,
    limit: `≤ ${LIMIT_SECONDS} s`,
    met: spread.median <= LIMIT_SECONDS,
  };
}

async function measureCommits(directory: string, open: Open): Promise<readonly Row[]> {
  await mkdir(directory);
  const { store, close } = await open({ directory: join(directory, "store") });
  const append = await rawAppend(join(directory, "append"));
  const commit: RawWrite = async (_, writer) => {
    await store.commit({ operations: [{ put: `assignments/${writer}`, value: assignment(writer) }] });
  };
  const works = [
    { write: commit, writers: 1, rates: [] as number[] },
    { write: commit, writers: WRITERS, rates: [] as number[] },
    { write: append.write, writers: 1, rates: [] as number[] },
    { write: rawFiles(directory), writers: 1, rates: [] as number[] },
    { write: rawFiles(directory), writers: WRITERS, rates: [] as number[] },
  ];
  for (let index = 0; index < ROUNDS; index += 1) {
    for (const { write, writers, rates } of works) rates.push(await rateOf(write, writers));
  }
  await close();
  await append.close();
  const [one, many, appended, file, files] = works.map(({ rates }) => spreadOf(rates));
  if (!one || !many || !appended || !file || !files) throw new Error("a measure is missing");
  const row = (what: string, measured: typeof one, peer: string, other: typeof one): Row => ({
    what: `store: ${what}`,
    measured: showSpread(measured, "/s"),
    peer: `${peer}: ${showSpread(other, "/s")}`,
    ratio: `${round(measured.median / other.median)} ×`,
    limit: "",
    met: undefined,
  });
  return [
    row("commits of 1 writer", one, "raw append + fdatasync, one a write", appended),
    row("commits of 1 writer", one, "one fsync'd file a write", file),
    row(`commits of ${WRITERS} writers`, many, "raw append + fdatasync, one a write", appended),
    row(`commits of ${WRITERS} writers`, many, "one fsync'd file a write, as many writers", files),
  ];
}

/** Writes a second, of writers who each wait for one write before the next. */
async function rateOf(write: RawWrite, writers: number): Promise<number> {
  const text = JSON.stringify(assignment(0));
  const begin = performance.now();
  let written = 0;
  const writeOn = async (writer: number) => {
    while (performance.now() < begin + ROUND_MS) {
      await write(text, writer);
      written += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => writeOn(writer)));
  return written / ((performance.now() - begin) / 1_000);
}

function readRaw(directory: string): number {
  const begin = performance.now();
  for (const name of readdirSync(directory)) JSON.parse(readFileSync(join(directory, name), "utf8"));
  return (performance.now() - begin) / 1_000;
}

/** As large as one of a service with some settings. */
function assignment(index: number): Json {
  const environment = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [`SETTING_${n}`, `https://service-${n}.internal.example:8443/path`]),
  );
  return {
    instanceId: `web.api-${index}`,
    nodeId: `node-${index % 500}`,
    deployment: "web.api",
    version: "v1.2.3",
    desired: "Running",
    spec: { app: "web.api", pkg: { type: "binary", command: ["/opt/web/api"], args: ["--port", "8080"], environment } },
    reason: { score: 0.73, parts: { spread: 0.5, binpack: 0.23 }, at: "2026-01-01T00:00:00.000Z" },
  };
}

async function installedStore(bin: string): Promise<Open> {
  const entry = join(bin, "../../..", "@damson/controller/dist/store/index.js");
  const { openEmbeddedStore }: { openEmbeddedStore: Open } = await import(pathToFileURL(entry).href);
  return openEmbeddedStore;
}
