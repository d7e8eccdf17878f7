// What the operations of CloudWatch work with.
import type { OperationsOf } from '../../contracts/index.ts';
import type { OperationOf } from '../service.ts';
import type { EvaluateQueries } from './alarm-series.ts';
import type { Alarms } from './alarms.ts';
import type { MetricReader } from './metric-reader.ts';
import type { BufferedMetricSink } from './metric-sink.ts';
import type { DashboardStore } from './store/dashboards.ts';
import type { MetricStore } from './store/metrics.ts';

export interface CloudWatch {
  store: MetricStore;
  sink: BufferedMetricSink;
  reader: MetricReader;
  evaluateQueries: EvaluateQueries;
  alarms: Alarms;
  dashboards: DashboardStore;
}

export type CloudWatchOperation<O extends keyof OperationsOf<'cloudwatch'>> = OperationOf<'cloudwatch', O>;
