// What the unit tests of metrics share: a service over a database in memory, and a clock that they turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../core/logger.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openSqlite } from '../../storage/index.ts';
import type { MetricName } from './metric.ts';
import { StoredMetricReader } from './metric-reader.ts';
import { BufferedMetricSink } from './metric-sink.ts';
import { MetricStore } from './store/metrics.ts';

/** 2026-03-02 10:00 UTC. */
export const noon = Date.UTC(2026, 2, 2, 10);

export async function openMetrics(time = noon) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-metrics-'));
  const database = openSqlite(join(folder, 'metrics.sqlite'), { durability: 'normal' });
  const clock = new ManualClock({ start: time });
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
