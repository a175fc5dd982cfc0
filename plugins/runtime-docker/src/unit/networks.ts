import type { Instance } from "@damson/plugin-sdk";
import { isRefusal, unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { LABELS } from "./labels.ts";
import { networkName } from "./names.ts";

/** Makes the network that an app's instances have to themselves, unless it is there. */
export async function makeNetwork(engine: Engine, { owner, app }: Pick<Instance, "owner" | "app">): Promise<void> {
  const name = networkName(owner, app);
  const there = engine.call("about a network", (docker) => docker.getNetwork(name).inspect());
  if (await unless(there, 404)) return;
  const options = { Name: name, CheckDuplicate: true, Labels: { [LABELS.owner]: owner, [LABELS.app]: app } };
  try {
    await engine.call("the making of a network", (docker, abortSignal) =>
      docker.createNetwork({ ...options, abortSignal }),
    );
  } catch (error) {
    // Another instance of the app was first.
    if (!isRefusal(error, 409)) throw error;
  }
}

/** Removes the networks of this owner that no container uses. */
export async function removeUnusedNetworks(engine: Engine, owner: string): Promise<void> {
  const filters = { label: [`${LABELS.owner}=${owner}`] };
  await engine.call("the removal of networks", (docker, abortSignal) => docker.pruneNetworks({ filters, abortSignal }));
}
