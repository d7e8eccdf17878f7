// Kernel user ids for sandboxes: each slot has its own, so that sandboxes share nothing by having the same owner.
import { createHash } from 'node:crypto';

/** A range that neither distributions, nor systemd, nor container engines give out. */
const first = 1_900_000_000;
const perInstance = 40_000;
const instances = 5_000;

/** The uid of slot 0 of an instance; those of its other slots follow. */
export function firstUidOf(instance: string): number {
  const number = createHash('sha256').update(instance).digest().readUInt32BE() % instances;
  return first + number * perInstance;
}
