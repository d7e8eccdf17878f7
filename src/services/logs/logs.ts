// What the operations of CloudWatch Logs work with.
import type { OperationsOf } from '../../contracts/index.ts';
import type { OperationOf } from '../service.ts';
import type { InvokeFunction } from './deliver.ts';
import type { LiveTail } from './live-tail.ts';
import type { BufferedLogSink } from './log-sink.ts';
import type { Batch, Store, StoredBatch } from './store/index.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface Logs {
  store: Store;
  sink: BufferedLogSink;
  subscriptions: Subscriptions;
  liveTail: LiveTail;
  /** Absent: functions cannot be subscribed to logs. */
  invoke: InvokeFunction | undefined;
  /** Stores batches of streams that exist; one whose stream is gone is left out of the result. */
  write(batches: Batch[]): Promise<StoredBatch[]>;
}

export type LogsOperation<O extends keyof OperationsOf<'logs'>> = OperationOf<'logs', O>;
