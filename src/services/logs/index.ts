// The door of CloudWatch Logs.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { BufferedLogSink, type LogSink } from './log-sink.ts';
import type { Logs } from './logs.ts';
import { createLogGroup } from './operations/create-log-group.ts';
import { createLogStream } from './operations/create-log-stream.ts';
import { deleteLogGroup } from './operations/delete-log-group.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { openStore } from './store/index.ts';

export type { LogSink } from './log-sink.ts';

export interface LogsOptions {
  /** A database of its own, so that logs never hold up anything else; its durability may be `normal`. */
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Opens CloudWatch Logs over a database. The sink takes records from then on; `stop` stores what it holds. */
export async function openLogs(options: LogsOptions): Promise<{ service: Service<'logs'>; sink: LogSink }> {
  const { database, clock, log } = options;
  const store = await openStore(database);
  const sink = new BufferedLogSink(
    (batches) => store.blocks.write(batches, { now: clock.now(), create: true }),
    clock,
    log,
  );
  const logs: Logs = {
    store,
    sink,
    write: (batches) => store.blocks.write(batches, { now: clock.now(), create: false }),
  };
  return { service: createLogs(logs), sink };
}

function createLogs(logs: Logs): Service<'logs'> {
  return {
    name: 'logs',
    operations: {
      CreateLogGroup: createLogGroup(logs),
      CreateLogStream: createLogStream(logs),
      DeleteLogGroup: deleteLogGroup(logs),
      FilterLogEvents: filterLogEvents(logs),
      GetLogEvents: getLogEvents(logs),
      PutLogEvents: putLogEvents(logs),
    },
    stop: () => logs.sink.flush(),
  };
}
