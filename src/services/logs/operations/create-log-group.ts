// CreateLogGroup: a new log group, without streams.
import { groupExists, invalidParameter, notSupported } from '../errors.ts';
import { requireGroupName } from '../group-name.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { checkedTags } from '../tags.ts';

export function createLogGroup({ store }: Logs): LogsOperation<'CreateLogGroup'> {
  return async (input, { caller, clock }) => {
    const name = requireGroupName(input.logGroupName);
    if (/^aws\//i.test(name)) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
    if (input.kmsKeyId !== undefined) throw notSupported('kmsKeyId');
    if ((input.logGroupClass ?? 'STANDARD') !== 'STANDARD') throw notSupported(`logGroupClass ${input.logGroupClass}`);
    const created = await store.groups.create({
      account: caller.account,
      region: caller.region,
      name,
      creationTime: clock.now(),
      retentionDays: undefined,
      deletionProtection: input.deletionProtectionEnabled ?? false,
      tags: checkedTags({}, input.tags ?? {}),
    });
    if (!created) throw groupExists();
    return {};
  };
}
