// PutLogGroupDeletionProtection: whether a group and its streams can be deleted.
import { findGroupByIdentifier } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function putLogGroupDeletionProtection({ store, sink }: Logs): LogsOperation<'PutLogGroupDeletionProtection'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroupByIdentifier(store, caller, input.logGroupIdentifier!);
    await store.groups.setDeletionProtection(group.id, input.deletionProtectionEnabled!);
    return {};
  };
}
