// What CloudWatch Logs measures of itself, as CloudWatch's metrics: AWS/Logs by name, unit and dimension.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
import type { MetricSink } from '../../core/metric-sink.ts';

/** What has come in, by group and in all. */
export function measureLogs(
  metrics: MetricSink,
  account: string,
  region: string,
  group: string,
  messages: readonly string[],
  epochMs: number,
): void {
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0);
  for (const dimensions of [[], [['LogGroupName', group]]] as const) {
    metrics.add(account, region, 'AWS/Logs', 'IncomingBytes', dimensions, 'Bytes', bytes, epochMs);
    metrics.add(account, region, 'AWS/Logs', 'IncomingLogEvents', dimensions, 'None', messages.length, epochMs);
  }
}
