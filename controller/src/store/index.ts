export type { StoreClock } from "./clock.ts";
export { type EmbeddedStoreOptions, type OpenedStore, openEmbeddedStore } from "./open-embedded-store.ts";
