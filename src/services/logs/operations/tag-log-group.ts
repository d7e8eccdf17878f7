// TagLogGroup: puts tags on a log group.
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { checkedTags } from '../tags.ts';

export function tagLogGroup({ store, sink }: Logs): LogsOperation<'TagLogGroup'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    await store.groups.changeTags(group.id, (tags) => checkedTags(tags, input.tags!));
    return {};
  };
}
