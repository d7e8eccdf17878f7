// UntagLogGroup: takes tags off a log group.
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { withoutTags } from '../tags.ts';

export function untagLogGroup({ store, sink }: Logs): LogsOperation<'UntagLogGroup'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    await store.groups.changeTags(group.id, (tags) => withoutTags(tags, input.tags!));
    return {};
  };
}
