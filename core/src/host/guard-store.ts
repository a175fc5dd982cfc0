import { STORE_DEADLINES_MS, type Store } from "@damson/plugin-sdk";
import { guardCall } from "./guard-call.ts";
import { guardIterable } from "./guard-iterable.ts";

/** A store whose every call has a deadline and is attributed to its plugin; errors are those of `guardRuntime`. */
export function guardStore(pluginId: string, store: Store): Store {
  const subject = `${pluginId}: store ${store.name}`;
  const call = <T>(method: keyof typeof STORE_DEADLINES_MS, work: () => Promise<T>): Promise<T> =>
    guardCall({ pluginId, name: `${subject}.${method}`, ms: STORE_DEADLINES_MS[method] }, work);
  return {
    name: store.name,
    get: (key) => call("get", () => store.get(key)),
    list: (prefix, options) => call("list", () => store.list(prefix, options)),
    commit: (commit) => call("commit", () => store.commit(commit)),
    watch: (prefix, revision, signal) =>
      guardIterable({ pluginId, name: `${subject}.watch` }, signal, () => store.watch(prefix, revision, signal)),
    grantLease: (ttlMs) => call("grantLease", () => store.grantLease(ttlMs)),
    renewLease: (id) => call("renewLease", () => store.renewLease(id)),
    revokeLease: (id) => call("revokeLease", () => store.revokeLease(id)),
  };
}
