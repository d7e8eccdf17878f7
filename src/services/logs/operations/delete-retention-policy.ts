// DeleteRetentionPolicy: from now on the group keeps its events for ever.
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function deleteRetentionPolicy({ store, sink }: Logs): LogsOperation<'DeleteRetentionPolicy'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    await store.groups.setRetention(group.id, undefined);
    return {};
  };
}
