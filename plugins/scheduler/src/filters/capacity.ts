import { bytesInWords, coresInWords } from "../amounts.ts";
import type { Demand } from "../demand.ts";
import type { NodeState } from "../node-state.ts";
import type { Filter } from "./filter.ts";

/** What asks for nothing fits, also where others have been given more than there is. */
export const capacity: Filter = {
  name: "capacity",
  concerns: ({ cpu, memory }) => cpu > 0 || memory > 0,
  room: (state, demand) => Math.min(cpuRoom(state, demand), memoryRoom(state, demand)),
  // A full node is asked by one demand after the other, most of them alike: the words are made once.
  reason(state, demand) {
    const { cpu, memory } = demand;
    if (state.lack?.cpu !== cpu || state.lack.memory !== memory) {
      state.lack = { cpu, memory, words: lackInWords(state, demand) };
    }
    return state.lack.words;
  },
};

function lackInWords(state: NodeState, demand: Demand): string {
  const lacking: string[] = [];
  const { cpu, memory } = state.capacity;
  if (cpuRoom(state, demand) < 1) lacking.push(inWords(demand.cpu, state.cpuUsed, cpu, "cores", coresInWords));
  if (memoryRoom(state, demand) < 1) {
    lacking.push(inWords(demand.memory, state.memoryUsed, memory, "of memory", bytesInWords));
  }
  return lacking.join("; ");
}

function cpuRoom(state: NodeState, demand: Demand): number {
  return times(demand.cpu, state.cpuUsed, state.capacity.cpu);
}

function memoryRoom(state: NodeState, demand: Demand): number {
  return times(demand.memory, state.memoryUsed, state.capacity.memory);
}

function times(need: number, used: number, all: number): number {
  if (need === 0) return Number.POSITIVE_INFINITY;
  return Math.max(Math.floor((all - used) / need), 0);
}

function inWords(need: number, used: number, all: number, what: string, words: (amount: number) => string): string {
  return `needs ${words(need)} ${what}, has ${words(Math.max(all - used, 0))} left of ${words(all)}`;
}
