import type { ExitStatus } from "./exit-status.ts";
import type { Handle } from "./handle.ts";

/**
 * What became of a run while no agent watched.
 *
 * - `adopted`: it runs; `handle` is the one to use from now on.
 * - `exited`: it ran and ended; `status` is the true one, or says that it is unknown. `handle` still reaches its logs.
 * - `gone`: it never ran, and never will: the runtime has made sure that a start cut short cannot finish later.
 */
export type Recovered =
  | { readonly state: "adopted"; readonly handle: Handle }
  | { readonly state: "exited"; readonly handle: Handle; readonly status: ExitStatus }
  | { readonly state: "gone" };
