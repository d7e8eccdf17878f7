// ListTagsLogGroup: the tags of a log group.
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function listTagsLogGroup({ store, sink }: Logs): LogsOperation<'ListTagsLogGroup'> {
  return async (input, { caller }) => {
    await sink.flush();
    return { tags: (await findGroup(store, caller, input.logGroupName!)).tags };
  };
}
