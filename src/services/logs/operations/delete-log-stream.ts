// DeleteLogStream: deletes a stream with its events.
import { deletionProtected } from '../errors.ts';
import { findGroup, findStream } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function deleteLogStream({ store, sink }: Logs): LogsOperation<'DeleteLogStream'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    const stream = await findStream(store, group, input.logStreamName!);
    if (group.deletionProtection) throw deletionProtected();
    await store.streams.delete(stream.id);
    return {};
  };
}
