// UntagResource: takes tags off a log group that an ARN names.
import { findGroupByIdentifier } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { withoutTags } from '../tags.ts';

export function untagResource({ store, sink }: Logs): LogsOperation<'UntagResource'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroupByIdentifier(store, caller, input.resourceArn!);
    await store.groups.changeTags(group.id, (tags) => withoutTags(tags, input.tagKeys!));
    return {};
  };
}
