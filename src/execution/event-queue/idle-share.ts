// How much of the machine had nothing to do lately.
import { cpus } from 'node:os';

/** Tells on each call which share of all processors' time was idle since the call before, from 0 to 1. */
export function measureIdleShare(): () => number {
  let before = times();
  return () => {
    const now = times();
    const total = now.total - before.total;
    const idle = now.idle - before.idle;
    before = now;
    return total <= 0 ? 0 : idle / total;
  };
}

function times(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, total };
}
