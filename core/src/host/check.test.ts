import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeSite, type Site } from "./fixtures/site.ts";
import { checkPlugins, errorLines, type PluginSources } from "./index.ts";

async function lines(site: Site, sources: Partial<PluginSources> = {}, side: "agent" | "controller" = "agent") {
  const options = { file: site.file, installation: site.directory, environment: {}, ...sources };
  const { errors } = await checkPlugins(options, side);
  return errorLines(errors).map((line) => line.replaceAll(`${site.directory}/`, "").replaceAll(site.directory, "."));
}

const DockerConfig = {
  type: "object",
  additionalProperties: false,
  required: ["socket_path"],
  properties: {
    socket_path: { type: "string", default: "/var/run/docker.sock" },
    pull: { type: "boolean" },
    password: { type: "string", format: "secret" },
    tls: { type: "object", additionalProperties: false, properties: { ca: { type: "string" } } },
  },
};

async function dockerSite(yaml: string): Promise<Site> {
  const site = await makeSite();
  await site.plugin("@damson/docker", { configSchema: DockerConfig });
  await site.yaml(yaml);
  return site;
}

test("a wrong type is told with line, column and path", async () => {
  const site = await dockerSite(`plugins:
  - use: "@damson/docker"
    config:
      tls:
        ca: ./ca.pem
      socket_path: 5
`);
  expect(await lines(site)).toEqual([
    "PLUGIN_CONFIG_INVALID plugins.yaml:6:20 docker.socket_path: expected string, got number 5",
  ]);
});

test("a wrong key is told at the key, with what was likely meant", async () => {
  const site = await dockerSite(`plugins:
  - use: "@damson/docker"
    id: gpu
    config: { soket_path: /run/docker.sock }
`);
  expect(await lines(site)).toEqual([
    'PLUGIN_CONFIG_INVALID plugins.yaml:4:15 gpu.soket_path: unknown property. Did you mean "socket_path"? ' +
      "Allowed: socket_path, pull, password, tls.",
  ]);
});

test("every fault of every plugin is told at once", async () => {
  const site = await dockerSite(`plugins:
  - use: "@damson/docker"
    config:
      pull: maybe
      tls: { cert: x }
  - use: "@damson/docker"
    id: other
    config:
      socket_path: []
  - use: absent
`);
  expect(await lines(site)).toEqual([
    'PLUGIN_CONFIG_INVALID plugins.yaml:4:13 docker.pull: expected boolean, got string "maybe"',
    "PLUGIN_CONFIG_INVALID plugins.yaml:5:14 docker.tls.cert: unknown property. Allowed: ca.",
    "PLUGIN_CONFIG_INVALID plugins.yaml:9:7 other.socket_path: expected string, got array",
    expect.stringMatching(
      /^PLUGIN_NOT_FOUND plugins.yaml:10:10 absent: absent is not installed; looked from \.\. Allowed: .*@damson\/docker/,
    ),
  ]);
});

test("a config for a plugin that takes none is told", async () => {
  const site = await makeSite();
  await site.plugin("plain", {});
  await site.yaml("plugins: [{ use: plain, config: { a: 1 } }]");
  expect(await lines(site)).toEqual(["PLUGIN_CONFIG_INVALID plugins.yaml:1:35 plain.a: unknown property"]);
});

test("an absent package is told with where it was looked for and what resembles it", async () => {
  const site = await dockerSite('plugins:\n  - use: "@damson/dokcer"\n  - use: docker\n    id: d\n');
  const pluginDirectory = join(site.directory, "own");
  const found = await lines(site, { pluginDirectory });
  expect(found[0]).toContain(
    "PLUGIN_NOT_FOUND plugins.yaml:2:10 dokcer: @damson/dokcer is not installed; looked from ., own. " +
      'Did you mean "@damson/docker"? Allowed: ',
  );
  expect(found[1]).toContain(
    "PLUGIN_NOT_FOUND plugins.yaml:3:10 d: docker is not installed; looked from ., own. " +
      'Did you mean "@damson/docker"? Allowed: ',
  );
});

test("an absent local plugin is told", async () => {
  const site = await makeSite();
  await site.yaml("plugins: [{ use: ./mine }]");
  expect(await lines(site)).toEqual([
    "PLUGIN_NOT_FOUND plugins.yaml:1:18 mine: there is no plugin at ./mine. " +
      "Expected a folder with a package.json, or a module.",
  ]);
});

test("a package without a manifest is told", async () => {
  const site = await makeSite();
  await site.plugin("plain", { package: { damson: undefined } });
  await site.yaml("plugins: [{ use: plain }]");
  expect(await lines(site)).toEqual([
    "PLUGIN_MANIFEST_INVALID node_modules/plain/package.json:1:1 damson: required, but missing",
  ]);
});

test("a faulty manifest is told with every fault", async () => {
  const site = await makeSite();
  await site.plugin("plain", { manifest: { provides: ["Docker"], runOn: ["agent"], runsOn: [] } });
  await site.yaml("plugins: [{ use: plain }]");
  const found = await lines(site);
  expect(found).toHaveLength(3);
  expect(found[0]).toContain('package.json:18:5 damson.runOn: unknown property. Did you mean "runsOn"?');
  expect(found[1]).toMatch(
    /package\.json:16:7 damson\.provides\[0\]: expected a string that matches .* got string "Docker"/,
  );
  expect(found[2]).toContain("damson.runsOn: expected at least 1 item, got 0");
});

test.each([
  ["../outside.json", "damson.configSchema: expected a path inside the package"],
  ["./absent.json", "damson.configSchema: node_modules/plain/absent.json is no JSON Schema (draft-07): ENOENT"],
])("a config schema at %s is told", async (configSchema, expected) => {
  const site = await makeSite();
  await site.plugin("plain", { manifest: { configSchema } });
  await site.yaml("plugins: [{ use: plain }]");
  expect((await lines(site)).join()).toContain(expected);
});

test("a contract that is too new is told", async () => {
  const site = await makeSite();
  await site.plugin("plain", { manifest: { contract: 2 } });
  await site.yaml("plugins: [{ use: plain }]");
  const { errors } = await checkPlugins({ file: site.file, installation: site.directory }, "agent");
  expect(errors[0]).toMatchObject({ code: "PLUGIN_CONTRACT_UNSUPPORTED", remedy: "Update Damson." });
  expect(await lines(site)).toEqual([
    "PLUGIN_CONTRACT_UNSUPPORTED plugins.yaml:1:11 plain: built for contract 2, but this host serves 1",
  ]);
});

test.each([
  ["^2.0.0", /^PLUGIN_VERSION_MISMATCH .* plain: built for @damson\/plugin-sdk \^2\.0\.0, but this host has 1\./],
  ["two", /^PLUGIN_MANIFEST_INVALID .* peerDependencies.@damson\/plugin-sdk: "two" is no version range/],
])("the SDK's version %s is told", async (range, expected) => {
  const site = await makeSite();
  await site.plugin("plain", { package: { peerDependencies: { "@damson/plugin-sdk": range } } });
  await site.yaml("plugins: [{ use: plain }]");
  expect((await lines(site)).join("\n")).toMatch(expected);
});

test("a cycle is told as a path, to each plugin on it", async () => {
  const site = await makeSite();
  await site.plugin("a", { manifest: { provides: ["x:a"], requires: ["x:b"] } });
  await site.plugin("b", { manifest: { provides: ["x:b"], requires: ["x:c"] } });
  await site.plugin("c", { manifest: { provides: ["x:c"], optional: ["x:a"] } });
  await site.plugin("d", { manifest: { requires: ["x:a"] } });
  await site.yaml("plugins:\n - use: a\n - use: b\n - use: c\n - use: d");
  expect(await lines(site)).toEqual([
    "PLUGIN_DEPENDENCY_CYCLE plugins.yaml:2:4 a: plugins need each other: a -> b -> c -> a",
    "PLUGIN_DEPENDENCY_CYCLE plugins.yaml:3:4 b: plugins need each other: b -> c -> a -> b",
    "PLUGIN_DEPENDENCY_CYCLE plugins.yaml:4:4 c: plugins need each other: c -> a -> b -> c",
    "PLUGIN_DEPENDENCY_FAILED plugins.yaml:5:4 d: requires x:a of a, which failed",
  ]);
});

test("a missing dependency is told, with who would have it on the other side", async () => {
  const site = await makeSite();
  await site.plugin("a", { manifest: { requires: ["secrets:vualt", "store:etcd"], optional: ["x:y"] } });
  await site.plugin("vault", { manifest: { provides: ["secrets:vault"] } });
  await site.plugin("etcd", { manifest: { provides: ["store:etcd"], runsOn: ["controller"] } });
  await site.yaml("plugins:\n - use: a\n - use: vault\n - use: etcd");
  expect(await lines(site)).toEqual([
    "PLUGIN_DEPENDENCY_MISSING plugins.yaml:2:4 a: requires secrets:vualt, which no plugin provides. " +
      'Did you mean "secrets:vault"?',
    "PLUGIN_DEPENDENCY_MISSING plugins.yaml:2:4 a: requires store:etcd, which no plugin provides. " +
      "etcd does, but it runs on the controller only.",
  ]);
});

test("two providers of one thing are told", async () => {
  const site = await makeSite();
  await site.plugin("a", { manifest: { provides: ["x:y"] } });
  await site.yaml("plugins:\n - use: a\n - use: a\n   id: b");
  expect(await lines(site)).toEqual([
    "PLUGIN_PROVIDES_CONFLICT plugins.yaml:3:4 b: provides x:y, which a provides already",
  ]);
});

test("an id that is taken is told", async () => {
  const site = await makeSite();
  await site.plugin("@x/damson-plugin-a", {});
  await site.yaml('plugins:\n - use: "@x/damson-plugin-a"\n - use: "@x/damson-plugin-a"\n   id: a');
  expect(await lines(site)).toEqual([
    'PLUGIN_ID_DUPLICATE plugins.yaml:4:8 a: the id "a" is taken by the entry at line 2. Give this entry another id.',
  ]);
});

test.each([
  ["plugins: [", /^PLUGINS_FILE_INVALID plugins\.yaml:1:11: /],
  ["plugins:\n - use: a\n   use: b", /^PLUGINS_FILE_INVALID plugins\.yaml:3:4: Map keys must be unique$/],
  ["plugin: []", /^PLUGINS_FILE_INVALID plugins\.yaml:1:1 plugins: required, but missing/],
  [
    "plugins:\n - uses: a",
    /^PLUGINS_FILE_INVALID plugins\.yaml:2:4 plugins\[0\]\.uses: unknown property\. Did you mean "use"\?/m,
  ],
  [
    "plugins:\n - use: a\n   id: A B",
    /^PLUGINS_FILE_INVALID plugins\.yaml:3:8 plugins\[0\]\.id: .* Lower-case letters/,
  ],
  [
    "plugins:\n - use: ../../etc/passwd\n   required: yes",
    /plugins\.yaml:3:14 plugins\[0\]\.required: expected boolean, got string "yes"/,
  ],
  ["plugins:\n - use: 'a b'", /plugins\.yaml:2:9 plugins\[0\]\.use: expected a string that matches/],
  ["plugins:", /plugins\.yaml:1:9 plugins: expected array, got null/],
  [
    `a: &a [x, x]\nb: &b [${"*a, ".repeat(60)}]\nplugins: [${"*b, ".repeat(60)}]`,
    /^PLUGINS_FILE_INVALID plugins\.yaml: Excessive alias count/,
  ],
])("a plugins.yaml with %j is told", async (yaml, expected) => {
  const site = await makeSite();
  await site.yaml(yaml);
  expect((await lines(site)).join("\n")).toMatch(expected);
});

test("a missing file is an error only when it was named", async () => {
  const site = await makeSite();
  expect(await lines(site, { fileRequired: true })).toEqual([
    expect.stringMatching(/^PLUGINS_FILE_NOT_FOUND plugins\.yaml cannot be read: ENOENT/),
  ]);
  const sources = { file: site.file, installation: site.directory };
  const { errors, warnings } = await checkPlugins(sources, "agent");
  expect(errors).toEqual([]);
  expect(warnings).toEqual([`${site.file} does not exist, so no plugin is loaded.`]);
});

test("variables are put into strings, and neither they nor secrets are shown", async () => {
  const site = await dockerSite(`plugins:
  - use: "@damson/docker"
    config:
      socket_path: \${DOCKER_SOCKET:-/run/docker.sock}
      password: \${PASSWORD}
      tls: { ca: "$\${HOME}" }
`);
  const environment = { DOCKER_SOCKET: "/secret/place", PASSWORD: "hunter2" };
  const sources = { file: site.file, installation: site.directory, environment };
  const { plugins, errors } = await checkPlugins(sources, "agent");
  expect(errors).toEqual([]);
  expect(plugins[0]?.config).toEqual({
    socket_path: `\${DOCKER_SOCKET:-/run/docker.sock}`,
    password: "***",
    tls: { ca: `$\${HOME}` },
  });
});

test("a variable that is not set is told, and a value from the environment is not shown", async () => {
  const site = await dockerSite(`plugins:
  - use: "@damson/docker"
    config:
      socket_path: \${DOCKER_SOCKET}
      password: \${not a name}
      pull: \${PULL}
`);
  expect(await lines(site, { environment: { PULL: "hunter2" } })).toEqual([
    "PLUGIN_CONFIG_INVALID plugins.yaml:4:20 docker.socket_path: the environment variable DOCKER_SOCKET is not set. " +
      `Set it, or write a default: \${DOCKER_SOCKET:-default}.`,
    `PLUGIN_CONFIG_INVALID plugins.yaml:5:17 docker.password: "\${not a name}" is no reference to a variable. ` +
      `Write \${NAME} or \${NAME:-default}.`,
    "PLUGIN_CONFIG_INVALID plugins.yaml:6:13 docker.pull: expected boolean, got string",
  ]);
});

test("checking runs no code of a plugin", async () => {
  const site = await makeSite();
  const trace = join(site.directory, "trace");
  const module = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(trace)}, ""); throw new Error();`;
  await site.plugin("wild", { module });
  await site.yaml("plugins: [{ use: wild }]");
  const { plugins, errors } = await checkPlugins({ file: site.file, installation: site.directory }, "agent");
  expect(errors).toEqual([]);
  expect(plugins).toMatchObject([{ id: "wild", state: "configured", version: "1.2.3" }]);
  await expect(access(trace)).rejects.toThrow("ENOENT");
});

test("plugins are found from plugins.yaml first, then in the plugin directory, then in the installation", async () => {
  const site = await makeSite();
  const version = (value: string) => ({ package: { version: value } });
  const pluginDirectory = join(site.directory, "own");
  const installation = join(site.directory, "damson");
  await mkdir(join(site.directory, "site"));
  for (const name of ["a", "b", "c"]) await site.plugin(name, version("3.0.0"), `damson/node_modules/${name}`);
  for (const name of ["a", "b"]) await site.plugin(name, version("2.0.0"), `own/node_modules/${name}`);
  await site.plugin("a", version("1.0.0"), "site/node_modules/a");
  await site.plugin("local", version("0.0.1"), "site/plugins/local");
  const file = join(site.directory, "site", "plugins.yaml");
  await writeFile(
    file,
    "plugins: [{use: a}, {use: b}, {use: c}, {use: ./plugins/local}, {use: ./plugins/local/index.js, id: m}]",
  );
  const { plugins, errors } = await checkPlugins({ file, pluginDirectory, installation }, "agent");
  expect(errors).toEqual([]);
  expect(plugins.map(({ id, version }) => `${id} ${version}`)).toEqual([
    "a 1.0.0",
    "b 2.0.0",
    "c 3.0.0",
    "local 0.0.1",
    "m 0.0.1",
  ]);
});

test("a plugin of the other side is skipped, its config unread", async () => {
  const site = await makeSite();
  await site.plugin("central", { manifest: { runsOn: ["controller"] } });
  await site.yaml("plugins:\n - use: central\n   config: { a: 1, b: 2 }");
  const { plugins, errors } = await checkPlugins({ file: site.file, installation: site.directory }, "agent");
  expect(errors).toEqual([]);
  expect(plugins).toMatchObject([{ state: "skipped", reason: "it runs on the controller only" }]);
  expect(await lines(site, {}, "controller")).toHaveLength(2);
});

test("a package that nobody would find is warned of", async () => {
  const site = await makeSite();
  await site.plugin("shy", { package: { keywords: [], peerDependencies: {} } });
  await site.yaml("plugins: [{ use: shy }]");
  const { warnings } = await checkPlugins({ file: site.file, installation: site.directory }, "agent");
  expect(warnings).toEqual([
    expect.stringContaining('lacks the keyword "damson-plugin"'),
    expect.stringContaining("names no peerDependency on @damson/plugin-sdk"),
  ]);
});
