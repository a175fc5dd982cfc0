import { expect, test } from "vitest";
import { outboundAddress } from "./outbound-address.ts";

test.each([
  ["http://127.0.0.1:8080", "127.0.0.1"],
  ["http://localhost", expect.stringMatching(/^(127\.0\.0\.1|::1)$/)],
])("the way to %s is from %s", async (url, address) => {
  expect(await outboundAddress(url)).toEqual(address);
});

test("there is no address from which a host is reached that is not known", async () => {
  expect(await outboundAddress("http://nowhere.invalid:8080")).toBeUndefined();
});
