import { type BadInput, type Places, validDocument } from "./bad-input.ts";
import { get, post, request } from "./requests.ts";

const OF_AN_APP = [
  ["GET", "status/nobody"],
  ["GET", "apps/nobody/logs"],
  ["GET", "apps/nobody/stats"],
  ["GET", "apps/nobody/exits"],
  ["GET", "apps/nobody/versions"],
  ["POST", "apps/nobody/start"],
  ["POST", "apps/nobody/stop"],
  ["POST", "apps/nobody/restart"],
  ["POST", "apps/nobody/rollback"],
  ["POST", "apps/nobody/actions/confirm"],
  ["DELETE", "apps/nobody"],
] as const;

/** Bad queries, paths and methods. The app `sleeper` is there; it has one version and one instance. */
export function badRoutes(places: Places): BadInput[] {
  const apply = (query: string) => post(`/v1/apply?${query}`, validDocument(places));
  const logs = (query: string) => get(`/v1/apps/sleeper/logs?${query}`);
  return [
    ["wait for nonsense", apply("wait=nonsense"), 400, "QUERY_INVALID", "wait"],
    ["wait for two things", apply("wait=running&wait=healthy"), 400, "QUERY_INVALID", "wait"],
    ["a negative timeout", apply("wait=running&timeout=-1"), 400, "QUERY_INVALID", "timeout"],
    ["a timeout in words", apply("wait=running&timeout=soon"), 400, "QUERY_INVALID", "timeout"],
    ["a misspelt query", apply("wiat=running"), 400, "QUERY_INVALID", "wiat"],
    ["a query called __proto__", apply("__proto__=x"), 400, "QUERY_INVALID", "__proto__"],
    ["wait of a stop that is no truth value", post("/v1/apps/sleeper/stop?wait=maybe"), 400, "QUERY_INVALID", "wait"],
    ["tail=-1", logs("tail=-1"), 400, "QUERY_INVALID", "tail"],
    ["tail=ten", logs("tail=ten"), 400, "QUERY_INVALID", "tail"],
    ["since=yesterday", logs("since=yesterday"), 400, "SINCE_INVALID", "since"],
    ["a day of no calendar", logs("since=2026-13-45"), 400, "SINCE_INVALID", "since"],
    ["since before all time", logs(`since=${"9".repeat(30)}d`), 400, "SINCE_INVALID", "since"],
    ["a stream that is none", logs("stream=stdin"), 400, "QUERY_INVALID", "stream"],
    ["follow=perhaps", logs("follow=perhaps"), 400, "QUERY_INVALID", "follow"],
    ["a cursor that is none", logs("after=%7B%7D"), 400, "LOG_CURSOR_INVALID"],
    ["an instance that leads elsewhere", logs("instance=..%2F..%2Fx"), 400, "QUERY_INVALID", "instance"],
    ["an unknown instance", logs("instance=sleeper-0"), 404, "INSTANCE_NOT_FOUND"],
    ["an unknown parameter", logs("lines=10"), 400, "QUERY_INVALID", "lines"],
    ["events of an app that leads elsewhere", get("/v1/events?app=..&follow=false"), 400, "QUERY_INVALID", "app"],
    ["revision 0", post("/v1/apps/sleeper/rollback?revision=0"), 400, "QUERY_INVALID", "revision"],
    ["a revision that is not kept", post("/v1/apps/sleeper/rollback?revision=99"), 409, "NO_SUCH_VERSION"],
    ["a rollback of the first version", post("/v1/apps/sleeper/rollback"), 409, "NO_SUCH_VERSION"],
    ["a path that leads elsewhere", get("/v1/status/..%2f..%2fetc%2fpasswd"), 400, "PATH_INVALID", "app"],
    ["a path with a NUL", get("/v1/status/a%00b"), 400, "PATH_INVALID", "app"],
    ["a path that cannot be decoded", get("/v1/status/%ff%zz"), 400, "URL_INVALID"],
    ["an overlong name in a path", get(`/v1/status/${"a".repeat(5_000)}`), 414, "URL_TOO_LONG"],
    ["__proto__ in a path", get("/v1/status/__proto__"), 400, "PATH_INVALID", "app"],
    ["constructor in a path", get("/v1/status/constructor"), 404, "APP_NOT_FOUND"],
    ["an action in wrong letters", post("/v1/apps/sleeper/actions/Con%20firm"), 400, "PATH_INVALID", "action"],
    ["an unknown action", post("/v1/apps/sleeper/actions/confirm"), 404, "ACTION_UNKNOWN"],
    ["a stop of the agent in wrong words", post("/v1/agent/stop", { app: true }), 400, "BODY_INVALID", "app"],
    ["a stop of the agent in a string", post("/v1/agent/stop", "now"), 400, "BODY_INVALID", ""],
    ...OF_AN_APP.map(
      ([method, path]): BadInput => [
        `an unknown app: ${method} ${path}`,
        request(method, `/v1/${path}`),
        404,
        "APP_NOT_FOUND",
      ],
    ),
    ["a misspelt route", get("/v1/aply"), 404, "NOT_FOUND"],
    ["a route out of the API", get("/v1/../../etc/passwd"), 404, "NOT_FOUND"],
    ["GET of apply", get("/v1/apply"), 405, "METHOD_NOT_ALLOWED"],
    ["DELETE of health", request("DELETE", "/v1/health"), 405, "METHOD_NOT_ALLOWED"],
    ["PATCH of an app", request("PATCH", "/v1/apps/sleeper"), 405, "METHOD_NOT_ALLOWED"],
    ["TRACE", request("TRACE", "/v1/status"), 405, "METHOD_NOT_ALLOWED"],
  ];
}
