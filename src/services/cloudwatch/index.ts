// The door of CloudWatch.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service, Unattended } from '../service.ts';
import { type EvaluateQueries, readSeries } from './alarm-series.ts';
import { Alarms } from './alarms.ts';
import { Background } from './background.ts';
import type { CloudWatch } from './cloudwatch.ts';
import { embeddedMeasurements } from './embedded-metric-format.ts';
import { validationError } from './errors.ts';
import { checkQueries, runQueries } from './metric-data-queries.ts';
import { type MetricReader, StoredMetricReader } from './metric-reader.ts';
import type { MetricSink } from '../../core/metric-sink.ts';
import { BufferedMetricSink } from './metric-sink.ts';
import { type Gauge, prometheusText, servePrometheus } from './prometheus.ts';
import { DashboardStore } from './store/dashboards.ts';
import { MetricStore } from './store/metrics.ts';

export type { MetricReader } from './metric-reader.ts';
export { type Gauge, processGauges } from './prometheus.ts';

export interface CloudWatchOptions {
  /** A database of its own, so that metrics never hold up anything else; its durability may be `normal`. */
  database: Database;
  /** Where alarms and dashboards are kept: what was answered must survive a loss of power. */
  resources: Database;
  /** How actions of alarms reach functions and topics. */
  callAs: Unattended;
  /** What `/metrics` tells of this process. */
  gauges?: () => readonly Gauge[];
  clock: Clock;
  ids: Ids;
  log: Logger;
}

export interface OpenCloudWatch {
  service: Service<'cloudwatch'>;
  /** The door for what Lambent measures itself. */
  metrics: MetricSink;
  reader: MetricReader;
  /** Takes in what log events measure in embedded metric format. Cheap for events that do not. Never throws. */
  takeLogEvents(account: string, region: string, messages: readonly string[]): void;
}

/** Opens CloudWatch over a database. The sink takes values from then on; `stop` stores what it holds. */
export async function openCloudWatch(options: CloudWatchOptions): Promise<OpenCloudWatch> {
  const { database, resources, callAs, gauges = () => [], clock, log } = options;
  const store = await MetricStore.open(database);
  const sink = new BufferedMetricSink(store, clock, log);
  const reader = new StoredMetricReader(store, sink);
  const background = new Background(store, clock, log);
  const evaluateQueries: EvaluateQueries = async ({ account, region }, queries, from, to) => {
    const range = { account, region, from, to, now: clock.now() };
    const results = await runQueries(checkQueries(queries, 'Metrics'), range, { reader, store });
    if (results.length !== 1) throw validationError('Exactly one element of the metrics list should return data.');
    const { timestamps, values } = results[0]!.series;
    return new Map(timestamps.map((time, index) => [time, values[index]!]));
  };
  const alarms = await Alarms.open({
    database: resources,
    clock,
    log,
    callAs,
    readSeries: (alarm, now) => readSeries(alarm, now, reader, evaluateQueries),
  });
  const dashboards = await DashboardStore.open(resources);
  const cloudWatch: CloudWatch = { store, sink, reader, evaluateQueries, alarms, dashboards };
  const service: Service<'cloudwatch'> = {
    ...createCloudWatch(cloudWatch),
    http: (request, response) => servePrometheus(request, response, () => prometheusText(sink, gauges(), clock.now())),
    async start() {
      background.start();
      await alarms.start();
    },
    async stop() {
      await alarms.stop();
      await background.stop();
      await sink.stop();
    },
  };
  const takeLogEvents = (account: string, region: string, messages: readonly string[]) => {
    for (const message of messages) {
      for (const { namespace, name, dimensions, unit, resolution, time, set } of embeddedMeasurements(
        message,
        clock.now(),
      )) {
        sink.addSet({ account, region, namespace, name, dimensions }, unit, resolution, set, time);
      }
    }
  };
  return { service, metrics: sink, reader, takeLogEvents };
}

function createCloudWatch(cloudWatch: CloudWatch): Service<'cloudwatch'> {
  return {
    name: 'cloudwatch',
    operations: async () => (await import('./operations/index.ts')).operationsOf(cloudWatch),
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
      SetAlarmState: ['stateValue'],
    },
  };
}
