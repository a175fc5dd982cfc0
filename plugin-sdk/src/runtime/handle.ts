import type { JsonObject } from "../json.ts";

/** Names what a runtime keeps of an instance, over all of its runs. */
export interface UnitId {
  readonly owner: string;
  readonly instanceId: string;
}

/**
 * A runtime's record of one run: enough to find the unit again after a crash of the agent or of the machine.
 *
 * The agent stores it durably right after `start` and hands it back unchanged. It looks into nothing but the named fields.
 */
export interface Handle extends UnitId {
  readonly run: number;
  /** What people and dashboards are shown to find the unit. */
  readonly unit: UnitNames;
  /** When the unit started, ISO 8601. */
  readonly startedAt: string;
  /** The runtime's own data. Put a version number in it when its form may change. */
  readonly data: JsonObject;
}

/** Names under which a unit is known to the system it runs on. A runtime sets those that it has. */
export interface UnitNames {
  readonly pid?: number;
  readonly container_id?: string;
  readonly pod?: string;
  /** Where its ports are on the host, also where the system that it runs on has chosen them. */
  readonly ports?: readonly UnitPort[];
}

/** A port of a unit, and where it is on the host. */
export interface UnitPort {
  readonly container_port: number;
  readonly host_port: number;
  readonly protocol: "tcp" | "udp";
}
