// The door of CloudWatch Logs.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { Background } from './background.ts';
import { Deliverer, type InvokeFunction } from './deliver.ts';
import { LiveTail } from './live-tail.ts';
import { BufferedLogSink, type LogSink } from './log-sink.ts';
import type { Logs } from './logs.ts';
import { type Batch, openStore, type StoredBatch } from './store/index.ts';
import { Subscriptions } from './subscriptions.ts';

export type { InvokeFunction } from './deliver.ts';
export type { LogSink } from './log-sink.ts';
export { measureLogs } from './metrics.ts';

export interface LogsOptions {
  /** A database of its own, so that logs never hold up anything else; its durability may be `normal`. */
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** How subscribed Lambda functions are invoked; without it, none can be subscribed. */
  invoke?: InvokeFunction;
  /** Told of all events once they are stored, whether functions wrote them or PutLogEvents; must not throw. */
  onEvents?: (batch: Pick<Batch, 'account' | 'region' | 'group' | 'messages'>) => void;
}

/** Opens CloudWatch Logs over a database. The sink takes records from then on; `stop` stores what it holds. */
export async function openLogs(options: LogsOptions): Promise<{ service: Service<'logs'>; sink: LogSink }> {
  const { database, clock, log, invoke, onEvents } = options;
  const store = await openStore(database);
  const subscriptions = new Subscriptions(store);
  await subscriptions.reload();
  const background = new Background(store, clock, log);
  const liveTail = new LiveTail(clock);
  const deliverer = invoke && new Deliverer(store, invoke, clock, log);

  const write = async (batches: Batch[], create: boolean): Promise<StoredBatch[]> => {
    const now = clock.now();
    let delivers = false;
    const deliver = (batch: StoredBatch) => {
      const drafts = subscriptions.draft(batch, now);
      delivers ||= drafts.length > 0;
      return drafts;
    };
    const stored = await store.blocks.write(batches, { now, create, deliver });
    for (const batch of stored) {
      background.added(batch);
      liveTail.publish(batch);
      onEvents?.(batch);
    }
    if (delivers) deliverer?.wake();
    return stored;
  };

  const sink = new BufferedLogSink((batches) => write(batches, true), clock, log);
  const logs: Logs = { store, sink, subscriptions, liveTail, invoke, write: (batches) => write(batches, false) };
  const service: Service<'logs'> = {
    ...createLogs(logs),
    async start() {
      background.start();
      deliverer?.start();
    },
    async stop() {
      liveTail.closeAll();
      await background.stop();
      await sink.flush();
      await deliverer?.stop();
    },
  };
  return { service, sink };
}

function createLogs(logs: Logs): Service<'logs'> {
  return {
    name: 'logs',
    unvalidated: { CreateLogGroup: ['logGroupName'] },
    operations: async () => (await import('./operations/index.ts')).operationsOf(logs),
  };
}
