import fc from "fast-check";

type Fields = Record<string, unknown>;

const oddText = fc.string({ unit: "binary", maxLength: 40 });
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, -1, 0, 1e308, -0, "", "..", "../../x", "__proto__", "\u0000", "\ud800", [], {}, true),
  fc.integer(),
  fc.double(),
  fc.bigInt().map(String),
);

/** Valid documents around such packages. */
function documents(packages: (instances: number) => fc.Arbitrary<Fields>): fc.Arbitrary<Fields> {
  return fields.chain((document) => packages(document.instances).map((pkg): Fields => ({ ...document, pkg })));
}

const fields = fc.record(
  {
    app: fc.constantFrom("fuzz", "f", "fuzz-1.a_b", "0".repeat(63)),
    version: fc.constantFrom("v1", "1.0.0+x", "9"),
    instances: fc.constantFrom(0, 0, 0, 1),
    restart: fc.constantFrom<unknown>("never", { policy: "never", delay: "1s", max_delay: "2s" }),
    stop: fc.constantFrom<unknown>({}, { signal: "SIGINT" }, { grace_seconds: 0.5 }),
    update: fc.constantFrom<unknown>("recreate", { strategy: "rolling", healthy_within: "1m", min_running: 0 }),
    probes: fc.constantFrom<unknown>([], [{ type: "tcp", port: 1 }]),
    services: fc.constantFrom<unknown>([], [{ name: "web", port: 80, labels: { a: "b" } }]),
    labels: fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), fc.string({ maxLength: 9 }), { maxKeys: 4 }),
  },
  { requiredKeys: ["app", "version", "instances", "restart"] },
);

/** What runs is `/bin/true`, once; a script never runs, and a container only where there is an engine. */
function packageOf(instances: number): fc.Arbitrary<Fields> {
  const binary = fc.record(
    {
      type: fc.constant("binary"),
      command: fc.constant(["/bin/true"]),
      args: fc.array(
        fc.string({ maxLength: 9 }).filter((text) => !text.includes("\0")),
        { maxLength: 3 },
      ),
      environment: fc.constantFrom({}, { A: "1", _b2: "" }),
      working_dir: fc.constantFrom("/", "/tmp"),
      resources: fc.constant({}),
      ports: fc.constantFrom<unknown>([], [{ host_port: 80, container_port: 80, protocol: "udp" }]),
      logs: fc.constant({ max_size: "1m", max_files: 1 }),
    },
    { requiredKeys: ["type", "command"] },
  );
  const script = fc.record({ type: fc.constant("script"), command: fc.constant(["true"]) });
  return instances === 0 ? fc.oneof(binary, script, container) : fc.oneof(binary, container);
}

const container: fc.Arbitrary<Fields> = fc.record(
  {
    type: fc.constant("docker"),
    image: fc.constantFrom("shop", "registry.invalid:5000/team/shop:v1", `shop@sha256:${"0".repeat(64)}`),
    command: fc.constant(["/bin/true"]),
    args: fc.constantFrom([], ["-a", ""]),
    environment: fc.constantFrom({}, { A: "1" }),
    user: fc.constantFrom("www-data", "1000:0"),
    working_dir: fc.constantFrom("/", "/srv"),
    resources: fc.constantFrom<unknown>({}, { memory_limit: "64m", cpu_limit: 0.5, cpu_set: "0", pids_limit: 10 }),
    ports: fc.constantFrom<unknown>([], [{ container_port: 80, host_port: 8080, protocol: "udp", host_ip: "::1" }]),
    volumes: fc.constantFrom<unknown>(
      [],
      [{ name: "data", container_path: "/data", read_only: true }],
      [
        { host_path: "/srv", container_path: "/srv" },
        { tmpfs: "1m", container_path: "/tmp" },
      ],
    ),
    network: fc.constantFrom("bridge", "app", "shop-net"),
    extra_hosts: fc.constantFrom<unknown>({}, { db: "10.0.0.1", host: "host-gateway" }),
    pull_policy: fc.constantFrom("always", "if_not_present"),
    read_only: fc.boolean(),
    capabilities: fc.constantFrom([], ["NET_ADMIN"]),
    init: fc.boolean(),
    logs: fc.constant({ max_size: "1m", max_files: 1 }),
    log_driver: fc.constantFrom<unknown>({ type: "none" }, { type: "json-file", options: { "max-size": "1m" } }),
  },
  { requiredKeys: ["type", "image"] },
);

const valid = documents(packageOf);

/** A place in a document, picked by numbers, and what to do there. */
const mutation = fc.record({
  inPackage: fc.boolean(),
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom("replace", "remove", "add", "rename"),
  name: fc.oneof(
    oddText,
    fc.constantFrom(
      "package",
      "pkg",
      "constructor",
      "toString",
      "replicas",
      "user",
      "url",
      "path",
      "image",
      "name",
      "tmpfs",
    ),
  ),
  value: odd,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(document: Fields, { path, kind, name, value }: Mutation): void {
  let place: Fields | unknown[] = document;
  for (const number of path.slice(0, -1)) {
    const next: unknown = Object.values(place)[number % Math.max(1, Object.keys(place).length)];
    if (typeof next !== "object" || next === null) break;
    place = next as Fields;
  }
  const keys = Object.keys(place);
  const key = keys[(path.at(-1) ?? 0) % Math.max(1, keys.length)] ?? name;
  // The length of a list takes not everything, and cannot be removed.
  if (Array.isArray(place) && [key, name].includes("length")) return;
  const target = place as Fields;
  if (kind === "replace") set(target, key, value);
  else if (kind === "remove") delete target[key];
  else if (kind === "add") set(target, name, value);
  else {
    set(target, name, target[key]);
    delete target[key];
  }
}

/** As JSON has it: also `__proto__` is a name like any other. */
function set(target: Fields, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** Whatever a mutation made of the command must not run. */
function harmless(document: Fields): Fields {
  const text = JSON.stringify([document.pkg, document.package]);
  const runsTrue =
    text.includes('"command":["/bin/true"]') && !text.includes('"script"') && !text.includes('"artifact"');
  const once = document.restart === "never" || Object(document.restart).policy === "never";
  return runsTrue && once ? document : { ...document, instances: 0 };
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 });

function mutatedBy(document: Fields, all: readonly Mutation[]): Fields {
  const copy = structuredClone(document);
  for (const one of all) mutate(one.inPackage && isFields(copy.pkg) ? copy.pkg : copy, one);
  return copy;
}

const mutated = fc.tuple(valid, mutations).map(([document, all]) => JSON.stringify(harmless(mutatedBy(document, all))));

const byte = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) }, fc.nat(255));
const damaged = fc.tuple(valid, fc.nat(), fc.array(byte, { maxLength: 4 })).map(([document, at, bytes]) => {
  const buffer = Buffer.from(JSON.stringify({ ...document, instances: 0 }));
  const place = at % buffer.length;
  return Buffer.concat([buffer.subarray(0, place), Buffer.from(bytes), buffer.subarray(place + bytes.length)]);
});

const nested = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom("[", '{"a":', '{"pkg":', '[{"app":'))
  .map(([depth, open]) => {
    const close = [...open]
      .reverse()
      .map((one) => (one === "[" ? "]" : one === "{" ? "}" : ""))
      .join("");
    return `${open.repeat(depth)}"x"${close.repeat(depth)}`;
  });

/** A body for `POST /v1/apply`: now and then a valid one, mostly one that nearly is, sometimes anything. */
export const bodies: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 1, arbitrary: valid.map((document) => JSON.stringify(document)) },
    { weight: 12, arbitrary: mutated },
    { weight: 3, arbitrary: damaged },
    { weight: 2, arbitrary: fc.json({ maxDepth: 6 }) },
    { weight: 2, arbitrary: fc.json({ stringUnit: "binary" }) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: nested },
    { weight: 1, arbitrary: fc.nat(300_000).map((length) => JSON.stringify({ app: "x".repeat(length) })) },
  )
  .map((body) => Buffer.from(body));

/** Bodies around packages of containers, most of them not quite valid; nothing of what is accepted is to run. */
export const containerBodies: fc.Arbitrary<Buffer> = fc
  .tuple(
    documents(() => container),
    mutations,
    fc.constantFrom("always", "if_not_present", "never"),
  )
  .map(([document, all, pull_policy]) => {
    const changed = mutatedBy(document, all);
    const pkg = isFields(changed.pkg) ? { ...changed.pkg, pull_policy } : changed.pkg;
    return Buffer.from(JSON.stringify({ ...changed, pkg, instances: 0 }));
  });
