// How much of the machine's memory environments may take.
import { availableParallelism } from 'node:os';
import type { StartGateOptions } from './start-gate.ts';

/** Of what is available at the start of the server; the rest is the server's, and other programs'. */
const partForEnvironments = 0.8;
const leastMib = 256;

/** What programs could take now without anything being swapped out or killed, in MiB; control groups count. */
export function availableMib(): number {
  return process.availableMemory() / 1024 ** 2;
}

/** `memoryMib` is what all environments may take together; undefined for what this machine can spare now. */
export function startingOptions(memoryMib: number | undefined): StartGateOptions {
  return {
    memoryMib: memoryMib ?? Math.max(leastMib, Math.floor(availableMib() * partForEnvironments)),
    availableMib,
    // More would start none sooner, and keep environments that serve from serving.
    maxStarting: Math.max(2, availableParallelism()),
  };
}
