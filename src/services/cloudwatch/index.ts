// The door of CloudWatch.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import type { CloudWatch } from './cloudwatch.ts';
import { type MetricReader, StoredMetricReader } from './metric-reader.ts';
import { BufferedMetricSink, type MetricSink } from './metric-sink.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricData } from './operations/put-metric-data.ts';
import { MetricStore } from './store/metrics.ts';

export type { MetricReader } from './metric-reader.ts';
export type { MetricSink } from './metric-sink.ts';

export interface CloudWatchOptions {
  /** A database of its own, so that metrics never hold up anything else; its durability may be `normal`. */
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

export interface OpenCloudWatch {
  service: Service<'cloudwatch'>;
  /** The door for what Lambent measures itself. */
  metrics: MetricSink;
  reader: MetricReader;
}

/** Opens CloudWatch over a database. The sink takes values from then on; `stop` stores what it holds. */
export async function openCloudWatch({ database, clock, log }: CloudWatchOptions): Promise<OpenCloudWatch> {
  const store = await MetricStore.open(database);
  const sink = new BufferedMetricSink(store, clock, log);
  const reader = new StoredMetricReader(store, sink);
  const cloudWatch: CloudWatch = { store, sink, reader };
  const service: Service<'cloudwatch'> = {
    ...createCloudWatch(cloudWatch),
    async stop() {
      await sink.stop();
    },
  };
  return { service, metrics: sink, reader };
}

function createCloudWatch(cloudWatch: CloudWatch): Service<'cloudwatch'> {
  return {
    name: 'cloudwatch',
    operations: {
      GetMetricData: getMetricData(cloudWatch),
      GetMetricStatistics: getMetricStatistics(cloudWatch),
      ListMetrics: listMetrics(cloudWatch),
      PutMetricData: putMetricData(cloudWatch),
    },
    unvalidated: {
      // AWS tells these in words of its own.
      PutMetricData: [
        'metricData.dimensions',
        'metricData.unit',
        'metricData.storageResolution',
        'metricData.statisticValues.sampleCount',
        'metricData.statisticValues.sum',
        'metricData.statisticValues.minimum',
        'metricData.statisticValues.maximum',
      ],
    },
  };
}
