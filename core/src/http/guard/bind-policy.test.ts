import { expect, test } from "vitest";
import { bindPolicy, createServer } from "../index.ts";

const tls = { cert: "cert", key: "key" };

test.each(["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LocalHost"])("%s needs nothing", (host) => {
  expect(() => bindPolicy({ host })).not.toThrow();
});

test.each(["0.0.0.0", "::", "192.168.1.5", "example.com", "localhost.evil.example", "127.evil.example", ""])(
  "%j needs a token, TLS or --insecure",
  (host) => {
    expect(() => bindPolicy({ host })).toThrow(
      expect.objectContaining({
        code: "BIND_REFUSED",
        remedy: expect.stringMatching(/token.*TLS.*127\.0\.0\.1.*--insecure/),
      }),
    );
    expect(() => bindPolicy({ host, token: "" })).toThrow();
    for (const means of [{ token: "a-token-of-enough-characters" }, { tls }, { insecure: true }]) {
      expect(() => bindPolicy({ host, ...means })).not.toThrow();
    }
  },
);

test("a server keeps to it", async () => {
  const creating = createServer({ title: "Test", version: "1.0.0", host: "0.0.0.0" });
  await expect(creating).rejects.toMatchObject({ code: "BIND_REFUSED" });
});
