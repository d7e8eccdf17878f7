// What the unit tests of metrics share: a service over a database in memory, and a clock that they turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { openSqlite } from '../../storage/index.ts';
import type { MetricName } from './metric.ts';
import { StoredMetricReader } from './metric-reader.ts';
import { BufferedMetricSink } from './metric-sink.ts';
import { MetricStore } from './store/metrics.ts';

/** A clock whose time passes when it is told. */
export class TestClock implements Clock {
  time: number;
  readonly #timers: { at: number; callback: () => void }[] = [];

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  /** Lets time pass, and what was due in it happen. */
  advance(ms: number): void {
    this.time += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.time)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.callback();
    }
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** 2026-03-02 10:00 UTC. */
export const noon = Date.UTC(2026, 2, 2, 10);

export async function openMetrics(time = noon) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-metrics-'));
  const database = openSqlite(join(folder, 'metrics.sqlite'), { durability: 'normal' });
  const clock = new TestClock(time);
  const log = createLogger('silent');
  const store = await MetricStore.open(database);
  const sink = new BufferedMetricSink(store, clock, log);
  const reader = new StoredMetricReader(store, sink);
  const close = async () => {
    await sink.stop();
    await database.close();
    rmSync(folder, { recursive: true });
  };
  return { database, clock, log, store, sink, reader, close };
}

export const metric = (name: string, dimensions: MetricName['dimensions'] = []): MetricName => ({
  account: '123456789012',
  region: 'eu-west-1',
  namespace: 'App',
  name,
  dimensions,
});
