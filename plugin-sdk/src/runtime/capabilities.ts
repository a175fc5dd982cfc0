/**
 * What a runtime can do, declared and not guessed. The conformance suite holds a runtime to each `true`, and the agent
 * refuses a spec that asks for what is `false`.
 */
export interface RuntimeCapabilities {
  /** Limits that `pkg.resources` may ask for. They may still be refused on a machine where they cannot be set. */
  readonly limits: { readonly cpu: boolean; readonly memory: boolean; readonly cpuSet: boolean };
  /** Whether `pkg.ports` maps host ports to the unit's own. `false`: the unit uses the host's ports directly. */
  readonly ports: boolean;
  /** Whether `pkg.volumes` mounts host paths. */
  readonly volumes: boolean;
  /** Whether `pkg.user` changes the user it runs as. */
  readonly user: boolean;
  /** Whether `stats` gives usage. */
  readonly stats: boolean;
  /** Whether `exec` runs commands inside a unit, with and without a terminal. */
  readonly exec: boolean;
  /** Names that `action` takes, e.g. `confirm`. */
  readonly actions: readonly string[];
}
