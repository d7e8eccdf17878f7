// DescribeLogGroups: groups by name, with what is known of each.
import { invalidParameter } from '../errors.ts';
import { findGroupByIdentifier } from '../find-group.ts';
import { limits } from '../limits.ts';
import { pageOfGroups } from '../list-groups.ts';
import { groupArn } from '../log-arns.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import type { LogGroup } from '../store/index.ts';

export function describeLogGroups({ store, sink }: Logs): LogsOperation<'DescribeLogGroups'> {
  return async (input, { caller }) => {
    const { logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers, accountIdentifiers } = input;
    if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) {
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    await sink.flush();
    if (logGroupIdentifiers !== undefined) {
      if (logGroupNamePrefix !== undefined || logGroupNamePattern !== undefined || input.nextToken !== undefined) {
        throw invalidParameter('logGroupIdentifiers cannot be combined with a prefix, a pattern or a token.');
      }
      const found = [];
      for (const identifier of logGroupIdentifiers) {
        found.push(describe(await findGroupByIdentifier(store, caller, identifier)));
      }
      return { logGroups: found };
    }
    // There are no linked accounts, and groups of any other class cannot be made.
    const isElsewhere = accountIdentifiers !== undefined && !accountIdentifiers.includes(caller.account);
    const isOtherClass = input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD';
    if (isElsewhere || isOtherClass) return { logGroups: [] };
    const { groups, nextToken } = await pageOfGroups(store, caller, {
      prefix: logGroupNamePrefix ?? '',
      // The search by pattern is case-sensitive.
      accepts: (name) => name.includes(logGroupNamePattern ?? ''),
      token: input.nextToken,
      limit: input.limit ?? limits.describePage,
    });
    const described = logGroupNamePattern === undefined ? describe : describeFound;
    return { logGroups: groups.map(described), ...(nextToken && { nextToken }) };
  };
}

/** What a search by pattern tells of a group is less: recorded. */
function describeFound(group: LogGroup) {
  const { storedBytes, deletionProtectionEnabled, ...found } = describe(group);
  return found;
}

function describe(group: LogGroup) {
  const arn = groupArn(group);
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: group.storedBytes,
    logGroupClass: 'STANDARD' as const,
    logGroupArn: arn,
    deletionProtectionEnabled: group.deletionProtection,
  };
}
