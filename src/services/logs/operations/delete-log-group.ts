// DeleteLogGroup: deletes a group with its streams, events and subscription filters.
import { deletionProtected } from '../errors.ts';
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function deleteLogGroup({ store, sink, subscriptions }: Logs): LogsOperation<'DeleteLogGroup'> {
  return async (input, { caller }) => {
    // What was appended before goes with the group, and does not bring it back.
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    if (group.deletionProtection) throw deletionProtected();
    await store.groups.delete(group.id);
    await subscriptions.reload();
    return {};
  };
}
