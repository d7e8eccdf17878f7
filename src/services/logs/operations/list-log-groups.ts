// ListLogGroups: names, ARNs and classes of groups whose names match a pattern.
import { notSupported } from '../errors.ts';
import { limits } from '../limits.ts';
import { pageOfGroups } from '../list-groups.ts';
import { groupArn } from '../log-arns.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function listLogGroups({ store, sink }: Logs): LogsOperation<'ListLogGroups'> {
  return async (input, { caller }) => {
    for (const parameter of ['dataSources', 'fieldIndexNames', 'logGroupTags'] as const) {
      if (input[parameter] !== undefined) throw notSupported(parameter);
    }
    await sink.flush();
    const isElsewhere = input.accountIdentifiers !== undefined && !input.accountIdentifiers.includes(caller.account);
    const isOtherClass = input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD';
    if (isElsewhere || isOtherClass) return { logGroups: [] };
    const { groups, nextToken } = await pageOfGroups(store, caller, {
      prefix: '',
      accepts: matchNames(input.logGroupNamePattern),
      token: input.nextToken,
      limit: input.limit ?? limits.describePage,
    });
    return {
      logGroups: groups.map((group) => ({
        logGroupName: group.name,
        logGroupArn: groupArn(group),
        logGroupClass: 'STANDARD' as const,
      })),
      ...(nextToken && { nextToken }),
    };
  };
}

/** The pattern's whole language: up to five alternatives, each of which may be bound to the beginning by `^`. */
function matchNames(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const alternatives = pattern.split('|');
  return (name) =>
    alternatives.some((each) => (each.startsWith('^') ? name.startsWith(each.slice(1)) : name.includes(each)));
}
