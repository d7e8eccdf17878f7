// How events read in the Logs API, which the Telemetry API superseded.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html
import type { TelemetryEvent } from './event.ts';

type Members = Record<string, unknown>;

/** From this schema version on there is `platform.runtimeDone`. */
const withRuntimeDone = '2021-03-18';

/** Only the Logs API has these. */
export const logsApiOnly: ReadonlySet<string> = new Set([
  'platform.end',
  'platform.fault',
  'platform.logsSubscription',
]);

/** The event as the Logs API tells it; undefined for one that it does not know. */
export function logsApiEvent(event: TelemetryEvent, schemaVersion: string): TelemetryEvent | undefined {
  const { time, type } = event;
  const record = event.record as Members;
  switch (type) {
    case 'platform.start':
      return { time, type, record: { requestId: record.requestId, version: record.version } };
    case 'platform.runtimeDone': {
      if (schemaVersion < withRuntimeDone) return undefined;
      // What is an error there is a failure here.
      const status = record.status === 'error' ? 'failure' : record.status;
      return { time, type, record: { requestId: record.requestId, status } };
    }
    case 'platform.report':
      return { time, type, record: { requestId: record.requestId, metrics: record.metrics } };
    case 'function':
    case 'extension':
    case 'platform.extension':
    case 'platform.logsDropped':
    case 'platform.end':
    case 'platform.fault':
    case 'platform.logsSubscription':
      return event;
    default:
      return undefined;
  }
}
