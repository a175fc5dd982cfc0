import {
  type Contribute,
  DamsonError,
  type Events,
  type HostFacts,
  type PluginContext,
  type Scheduler,
  type ServiceRef,
  type Services,
} from "@damson/plugin-sdk";
import { asHost, asPlugin } from "./attribution.ts";
import { pluginError } from "./errors.ts";
import { guardRuntime } from "./guard.ts";
import { guardStore } from "./guard-store.ts";
import type { PluginLife } from "./life.ts";

/** What a plugin's `setup` gets. `lookUp` finds what another plugin contributes. */
export function createContext(life: PluginLife, lookUp: (reference: string) => unknown): PluginContext {
  const { id, log, signal, directory, storage, metrics, surroundings } = life;
  return {
    id,
    host: surroundings.facts,
    env: surroundings.env,
    log,
    signal,
    directory,
    storage,
    metrics,
    contribute: contributions(life),
    events: events(life),
    services: services(life, lookUp),
    http: (routes) => {
      refuseAfterSetup(life, "http");
      life.routes.push(routes);
    },
    onStop: (stop) => {
      refuseAfterStop(life);
      life.stops.push(stop);
    },
  };
}

function contributions(life: PluginLife): Contribute {
  const add = (reference: string, value: unknown): void => {
    refuseAfterSetup(life, "contribute");
    const announced = life.record.package?.manifest.provides.includes(reference);
    if (!announced) throw mismatch(life, `contributes ${reference}, which its manifest does not announce`);
    if (life.contributions.has(reference)) throw mismatch(life, `contributes ${reference} twice`);
    life.contributions.set(reference, value);
  };
  const onlyOn = (kind: HostFacts["kind"], what: string): void => {
    if (life.surroundings.facts.kind !== kind)
      throw mismatch(life, `contributes a ${what}, which only the ${kind} takes`);
  };
  return {
    scheduler(scheduler) {
      onlyOn("controller", "scheduler");
      add(`scheduler:${scheduler.name}`, {
        name: scheduler.name,
        place: (...args) => asPlugin(life.id, () => scheduler.place(...args)),
      } satisfies Scheduler);
    },
    store(store) {
      onlyOn("controller", "store");
      add(`store:${store.name}`, guardStore(life.id, store));
    },
    runtime(runtime) {
      onlyOn("agent", "runtime");
      const guarded = guardRuntime(life.id, runtime);
      add(`runtime:${runtime.name}`, guarded);
      life.runtimes.push(guarded);
    },
    service: (ref, service) => add(ref.id, service),
  };
}

function services(life: PluginLife, lookUp: (reference: string) => unknown): Services {
  const find = <T>(ref: ServiceRef<T>): T | undefined => {
    const { requires = [], optional = [] } = life.record.package?.manifest ?? {};
    if (!requires.includes(ref.id) && !optional.includes(ref.id)) {
      throw new DamsonError(
        "PLUGIN_SERVICE_UNDECLARED",
        `${life.id} asks for ${ref.id}, which its manifest does not name`,
        {
          remedy: `Add "${ref.id}" to "requires" or "optional" in the "damson" field of its package.json.`,
        },
      );
    }
    // The reference is the promise that what goes by its id is a T: provider and user share it.
    return lookUp(ref.id) as T | undefined;
  };
  return {
    find,
    get(ref) {
      const service = find(ref);
      if (service !== undefined) return service;
      throw new DamsonError("PLUGIN_SERVICE_MISSING", `nothing provides ${ref.id}`, {
        remedy: `Use services.find for what is optional, or move "${ref.id}" to "requires".`,
      });
    },
  };
}

function events(life: PluginLife): Events {
  const { id, log, surroundings } = life;
  return {
    publish: (event) => asHost(() => surroundings.events.publish({ ...event, plugin: id })),
    subscribe(listener) {
      refuseAfterStop(life);
      const end = surroundings.events.subscribe((event) => {
        try {
          asPlugin(id, () => listener(event));
        } catch (error) {
          log.error({ err: error, event: event.type }, `a listener of ${id} threw`);
        }
      });
      life.signal.addEventListener("abort", end, { once: true });
    },
  };
}

function mismatch(life: PluginLife, message: string): DamsonError {
  life.mismatch ??= pluginError("PLUGIN_PROVIDES_MISMATCH", { ...life.record.place(), message });
  return life.mismatch;
}

function refuseAfterSetup(life: PluginLife, what: string): void {
  if (!life.closed) return;
  throw new DamsonError("PLUGIN_SETUP_OVER", `${life.id} calls ctx.${what} after its setup`, {
    remedy: "Call it before setup resolves.",
  });
}

function refuseAfterStop(life: PluginLife): void {
  if (life.signal.aborted) throw new DamsonError("PLUGIN_STOPPED", `${life.id} has been stopped`);
}
