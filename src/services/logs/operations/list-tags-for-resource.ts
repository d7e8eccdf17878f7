// ListTagsForResource: the tags of a log group that an ARN names.
import { findGroupByIdentifier } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function listTagsForResource({ store, sink }: Logs): LogsOperation<'ListTagsForResource'> {
  return async (input, { caller }) => {
    await sink.flush();
    return { tags: (await findGroupByIdentifier(store, caller, input.resourceArn!)).tags };
  };
}
