// TagResource: puts tags on a log group that an ARN names.
import { tooManyTags } from '../errors.ts';
import { findGroupByIdentifier } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { checkedTags } from '../tags.ts';

export function tagResource({ store, sink }: Logs): LogsOperation<'TagResource'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroupByIdentifier(store, caller, input.resourceArn!);
    await store.groups.changeTags(group.id, (tags) =>
      checkedTags(tags, input.tags!, () => tooManyTags(input.resourceArn!)),
    );
    return {};
  };
}
