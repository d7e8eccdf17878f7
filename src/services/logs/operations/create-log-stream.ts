// CreateLogStream: a new, empty stream of a group.
import { streamExists } from '../errors.ts';
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function createLogStream({ store, sink }: Logs): LogsOperation<'CreateLogStream'> {
  return async (input, { caller, clock }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    if (!(await store.streams.create(group.id, input.logStreamName!, clock.now()))) throw streamExists();
    return {};
  };
}
