// PutRetentionPolicy: how many days a group keeps its events.
import { invalidParameter } from '../errors.ts';
import { findGroup } from '../find-group.ts';
import { limits } from '../limits.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function putRetentionPolicy({ store, sink }: Logs): LogsOperation<'PutRetentionPolicy'> {
  return async (input, { caller }) => {
    const days = input.retentionInDays!;
    if (!limits.retentionDays.includes(days)) {
      throw invalidParameter(
        `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${limits.retentionDays.join(', ')}]`,
      );
    }
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    await store.groups.setRetention(group.id, days);
    return {};
  };
}
