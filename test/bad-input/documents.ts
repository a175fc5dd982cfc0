import { applying, type BadInput, type Fields, type Places, touching, validDocument } from "./bad-input.ts";
import { body, post, request, type Sent } from "./requests.ts";

/** What is no JSON, or not the JSON of a document. */
export function badBodies(places: Places): BadInput[] {
  const text = JSON.stringify(validDocument(places));
  const typed = (type: string): Sent => body(text, { "Content-Type": type });
  const withProto = (from: string, to: string): Sent => body(text.replace(from, to));
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const notUtf8 = Buffer.from(text.replace('"v1"', '"v1\xff"'), "latin1");
  const inEnvironment = text.replace('"pkg":{', '"pkg":{"environment":{"__proto__":"x"},');
  return [
    ["malformed JSON", body('{"app": }'), 400, "JSON_INVALID", ""],
    ["truncated JSON", body(text.slice(0, -2)), 400, "JSON_INVALID", ""],
    ["a comma too many", body('{"app": "a",}'), 400, "JSON_INVALID", ""],
    ["a comment", body(`/* app */ ${text}`), 400, "JSON_INVALID", ""],
    ["two documents", body(text + text), 400, "JSON_INVALID", ""],
    ["YAML as JSON", body("app: refused\nversion: v1\n"), 400, "JSON_INVALID", ""],
    ["NaN", body('{"instances": NaN}'), 400, "JSON_INVALID", ""],
    ["text that is not UTF-8", body(notUtf8), 400, "BODY_NOT_UTF8"],
    ["UTF-16", body(Buffer.from(text, "utf16le")), 400, "JSON_INVALID", ""],
    ["a raw NUL", body(text.replace("refused", "ref\0used")), 400, "JSON_INVALID", ""],
    ["an empty body", body(""), 400, "BODY_EMPTY"],
    ["no body", post("/v1/apply"), 400, "BODY_EMPTY"],
    ["blanks", body(" \n\t "), 400, "BODY_EMPTY"],
    ["an array", body(`[${text}]`), 400, "BODY_INVALID", ""],
    ["null", body("null"), 400, "BODY_EMPTY"],
    ["a string", body(JSON.stringify(text)), 400, "BODY_INVALID", ""],
    ["an empty object", body("{}"), 400, "BODY_INVALID", "app"],
    ["JSON nested 100,000 levels deep", body(deep), 400, "JSON_TOO_DEEP"],
    ["arrays nested 65 levels deep", body(`${"[".repeat(65)}${"]".repeat(65)}`), 400, "JSON_TOO_DEEP"],
    ["a body over the limit", body(JSON.stringify({ app: "a".repeat(2 ** 21) })), 413, "BODY_TOO_LARGE"],
    ["plain text", typed("text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a form", typed("application/x-www-form-urlencoded"), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["YAML by its type", typed("application/yaml"), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a content type that is none", typed(";;"), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["no content type", request("POST", "/v1/apply", { body: text }), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a compressed body", body(text, { "Content-Encoding": "gzip" }), 415, "CONTENT_ENCODING_UNSUPPORTED"],
    ["__proto__ at the top", withProto("{", '{"__proto__": {"x": 1},'), 400, "JSON_KEY_FORBIDDEN"],
    ["__proto__ in pkg", withProto('"pkg":{', '"pkg":{"__proto__":{},'), 400, "JSON_KEY_FORBIDDEN"],
    ["__proto__ in labels", withProto("{", '{"labels": {"__proto__": "x"},'), 400, "JSON_KEY_FORBIDDEN"],
    ["__proto__ in environment", body(inEnvironment), 400, "JSON_KEY_FORBIDDEN"],
    ["__proto__ in escapes", body('{"\\u005f_proto__": 1}'), 400, "JSON_KEY_FORBIDDEN"],
    ["prototype in constructor", body('{"constructor": {"prototype": {}}}'), 400, "JSON_KEY_FORBIDDEN"],
  ];
}

/** Documents whose own fields are wrong. */
export function badDocuments(places: Places): BadInput[] {
  const touch = touching(places);
  const apply = applying(places);
  const text = JSON.stringify(validDocument(places));
  const app = (name: unknown): Sent => apply({ app: name });
  const restart = (settings: Fields): Sent => apply({ restart: settings });
  const service = (fields: Fields): Sent => apply({ services: [{ name: "web", port: 80, ...fields }] });
  const labels = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`label-${index}`, ""]));
  return [
    ["no app", app(undefined), 400, "BODY_INVALID", "app"],
    ["no version", apply({ version: undefined }), 400, "BODY_INVALID", "version"],
    ["neither pkg nor package", apply({ pkg: undefined }), 400, "SPEC_INVALID", "pkg"],
    ["both pkg and package", apply({ package: touch }), 400, "SPEC_INVALID", "package"],
    ["a misspelt field", apply({ verison: "v2" }), 400, "BODY_INVALID", "verison"],
    ["a field of pkg beside it", apply({ replicas: 2 }), 400, "BODY_INVALID", "replicas"],
    ["a field called constructor", apply({ constructor: 1 }), 400, "BODY_INVALID", "constructor"],
    ["app as a number", app(5), 400, "BODY_INVALID", "app"],
    ["app empty", app(""), 400, "BODY_INVALID", "app"],
    ["app __proto__", app("__proto__"), 400, "BODY_INVALID", "app"],
    ["app constructor", app("constructor"), 400, "SPEC_INVALID", "app"],
    ["app prototype", app("prototype"), 400, "SPEC_INVALID", "app"],
    ["app in upper case", app("Shop"), 400, "BODY_INVALID", "app"],
    ["app of 64 characters", app("a".repeat(64)), 400, "BODY_INVALID", "app"],
    ["app of a million characters", app("a".repeat(1_000_000)), 400, "BODY_INVALID", "app"],
    ["app with a Cyrillic letter", app("sh\u043ep"), 400, "BODY_INVALID", "app"],
    ["app in full-width letters", app("\uff53\uff48\uff4f\uff50"), 400, "BODY_INVALID", "app"],
    ["app with half a character", app("a\ud800b"), 400, "BODY_INVALID", "app"],
    ["app ..", app(".."), 400, "BODY_INVALID", "app"],
    ["app with .. in it", app("a..b"), 400, "SPEC_INVALID", "app"],
    ["app that leads elsewhere", app("../../etc/passwd"), 400, "BODY_INVALID", "app"],
    ["app with a NUL", app("a\0b"), 400, "BODY_INVALID", "app"],
    ["app with a line break", app("a\n"), 400, "BODY_INVALID", "app"],
    ["version that leads elsewhere", apply({ version: "../v1" }), 400, "BODY_INVALID", "version"],
    ["version with ..", apply({ version: "v1..2" }), 400, "SPEC_INVALID", "version"],
    ["version as a number", apply({ version: 1.4 }), 400, "BODY_INVALID", "version"],
    ["version of 129 characters", apply({ version: "1".repeat(129) }), 400, "BODY_INVALID", "version"],
    ["negative instances", apply({ instances: -1 }), 400, "BODY_INVALID", "instances"],
    ["half an instance", apply({ instances: 1.5 }), 400, "BODY_INVALID", "instances"],
    ["too many instances", apply({ instances: 1_001 }), 400, "BODY_INVALID", "instances"],
    ["endless instances", body(text.replace("{", '{"instances":1e999,')), 400, "BODY_INVALID", "instances"],
    ["instances as text", apply({ instances: "2" }), 400, "BODY_INVALID", "instances"],
    ["instances null", apply({ instances: null }), 400, "BODY_INVALID", "instances"],
    [
      "instances other than replicas",
      apply({ instances: 2, pkg: { ...touch, replicas: 3 } }),
      400,
      "SPEC_INVALID",
      "instances",
    ],
    ["an unknown restart policy", apply({ restart: "sometimes" }), 400, "BODY_INVALID", "restart"],
    ["restart true", apply({ restart: true }), 400, "BODY_INVALID", "restart"],
    ["a misspelt restart policy", restart({ polcy: "never" }), 400, "BODY_INVALID", "restart.polcy"],
    ["a delay without unit", restart({ delay: "5" }), 400, "BODY_INVALID", "restart.delay"],
    ["a negative delay", restart({ delay: "-1s" }), 400, "BODY_INVALID", "restart.delay"],
    ["a delay over max_delay", restart({ delay: "2m" }), 400, "SPEC_INVALID", "restart.delay"],
    [
      "a max_delay of 400 digits",
      restart({ max_delay: `${"9".repeat(400)}d` }),
      400,
      "SPEC_INVALID",
      "restart.max_delay",
    ],
    ["a max_delay of 1,000 days", restart({ max_delay: "1000d" }), 400, "SPEC_INVALID", "restart.max_delay"],
    ["an unknown signal", apply({ stop: { signal: "SIGFOO" } }), 400, "BODY_INVALID", "stop.signal"],
    ["a signal by number", apply({ stop: { signal: 9 } }), 400, "BODY_INVALID", "stop.signal"],
    ["a negative grace", apply({ stop: { grace_seconds: -1 } }), 400, "BODY_INVALID", "stop.grace_seconds"],
    ["a grace of a week", apply({ stop: { grace_seconds: 604_800 } }), 400, "BODY_INVALID", "stop.grace_seconds"],
    ["stop as text", apply({ stop: "SIGTERM" }), 400, "BODY_INVALID", "stop"],
    ["an unknown update strategy", apply({ update: "canary" }), 400, "BODY_INVALID", "update"],
    ["a misspelt strategy", apply({ update: { stratgy: "rolling" } }), 400, "BODY_INVALID", "update.stratgy"],
    [
      "a healthy_within in words",
      apply({ update: { healthy_within: "soon" } }),
      400,
      "BODY_INVALID",
      "update.healthy_within",
    ],
    ["too many labels", apply({ labels }), 400, "BODY_INVALID", "labels"],
    ["a label that is no text", apply({ labels: { team: 5 } }), 400, "BODY_INVALID", "labels.team"],
    ["a label without name", apply({ labels: { "": "x" } }), 400, "BODY_INVALID", 'labels[""]'],
    ["an overlong label", apply({ labels: { team: "x".repeat(1_025) } }), 400, "BODY_INVALID", "labels.team"],
    ["a service on port 0", service({ port: 0 }), 400, "BODY_INVALID", "services[0].port"],
    ["a service on port 65,536", service({ port: 65_536 }), 400, "BODY_INVALID", "services[0].port"],
    ["a service without name", service({ name: undefined }), 400, "BODY_INVALID", "services[0].name"],
    ["a service of an unknown protocol", service({ protocol: "ftp" }), 400, "BODY_INVALID", "services[0].protocol"],
    ["a probe without type", apply({ probes: [{ port: 80 }] }), 400, "BODY_INVALID", "probes[0].type"],
    ["too many probes", apply({ probes: Array(17).fill({ type: "tcp" }) }), 400, "BODY_INVALID", "probes"],
  ];
}
