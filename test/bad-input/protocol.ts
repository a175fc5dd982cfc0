import { type BadInput, type Places, validDocument } from "./bad-input.ts";
import { body, get, type Sent } from "./requests.ts";

const CHUNKED = "Transfer-Encoding: chunked";

/** What is wrong with a request before anybody looks at what it asks for. */
export function badProtocol(places: Places): BadInput[] {
  const text = JSON.stringify(validDocument(places));
  const head = (...lines: string[]): string => `${lines.join("\r\n")}\r\n\r\n`;
  const health = (...lines: string[]): Sent => head("GET /v1/health HTTP/1.1", ...lines, "Connection: close");
  const apply = (...lines: string[]): string =>
    head("POST /v1/apply HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", ...lines);
  const absolute = head("GET http://evil.example/v1/status HTTP/1.1", "Host: evil.example", "Connection: close");
  const garbage = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 73 + 128) % 256));
  return [
    ["no Host", health(), 400, "HOST_INVALID"],
    ["two Hosts", health("Host: 127.0.0.1", "Host: evil.example"), 400, "HOST_INVALID"],
    ["a Host that is none", get("/v1/health", { Host: "a b/c" }), 400, "HOST_INVALID"],
    ["a foreign Host", get("/v1/status", { Host: "evil.example:8081" }), 403, "HOST_REFUSED"],
    ["a foreign Host in the URL too", absolute, 403, "HOST_REFUSED"],
    ["a foreign Origin", body(text, { Origin: "https://evil.example" }), 403, "ORIGIN_REFUSED"],
    ["an Origin of no place", body(text, { Origin: "null" }), 403, "ORIGIN_REFUSED"],
    ["a POST from another site", body(text, { "Sec-Fetch-Site": "cross-site" }), 403, "ORIGIN_REFUSED"],
    ["a length and chunks", `${apply("Content-Length: 4", CHUNKED)}0\r\n\r\nGET /`, 400, "HTTP_INVALID"],
    ["chunks and a length", `${apply(CHUNKED, "Content-Length: 4")}0\r\n\r\nGET /`, 400, "HTTP_INVALID"],
    ["two lengths", `${apply("Content-Length: 2", "Content-Length: 4")}{}{}`, 400, "HTTP_INVALID"],
    ["a negative length", apply("Content-Length: -1"), 400, "HTTP_INVALID"],
    ["an encoding that looks like chunks", `${apply("Transfer-Encoding: xchunked")}{}`, 400, "HTTP_INVALID"],
    ["chunks inside another encoding", `${apply(CHUNKED, "Transfer-Encoding: gzip")}{}`, 400, "HTTP_INVALID"],
    ["a chunk of no size", `${apply(CHUNKED)}zz\r\n`, 400, "HTTP_INVALID"],
    ["a header after a line feed alone", health("Host: 127.0.0.1\nX: y"), 400, "HTTP_INVALID"],
    ["a folded header", health("Host: 127.0.0.1", "X: a", " b"), 400, "HTTP_INVALID"],
    ["a blank before the colon", health("Host : 127.0.0.1"), 400, "HTTP_INVALID"],
    ["headers over the limit", get("/v1/health", { "X-Long": "x".repeat(100_000) }), 431, "HEADERS_TOO_LARGE"],
    ["a URL over the limit", get(`/v1/health?${"x".repeat(100_000)}`), 431, "HEADERS_TOO_LARGE"],
    ["garbage", garbage, 400, "HTTP_INVALID"],
    ["the beginning of TLS", Buffer.from("16030100050100000100", "hex"), 400, "HTTP_INVALID"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "HTTP_INVALID"],
    ["HTTP/9.9", head("GET /v1/health HTTP/9.9", "Host: 127.0.0.1"), 400, "HTTP_INVALID"],
    ["an unknown method", head("STEAL /v1/status HTTP/1.1", "Host: 127.0.0.1"), 400, "HTTP_INVALID"],
    ["CONNECT", head("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443"), 400, "HTTP_INVALID"],
    ["an expectation that nobody meets", body(text, { Expect: "a-miracle" }), 417, "EXPECTATION_FAILED"],
  ];
}
