// DescribeSubscriptionFilters: the subscription filters of a group, by name.
import { findGroup } from '../find-group.ts';
import { limits } from '../limits.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { parseToken, writeToken } from '../tokens.ts';

export function describeSubscriptionFilters({ store, sink }: Logs): LogsOperation<'DescribeSubscriptionFilters'> {
  return async (input, { caller }) => {
    const after = input.nextToken === undefined ? '' : parseToken(input.nextToken, isName)[0];
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    const all = (await store.subscriptions.ofGroup(group.id)).filter(
      ({ name }) => name.startsWith(input.filterNamePrefix ?? '') && name > after,
    );
    const page = all.slice(0, input.limit ?? limits.describePage);
    return {
      subscriptionFilters: page.map((subscription) => ({
        filterName: subscription.name,
        logGroupName: group.name,
        filterPattern: subscription.pattern,
        destinationArn: subscription.destinationArn,
        distribution: subscription.distribution as 'ByLogStream',
        applyOnTransformedLogs: false,
        creationTime: subscription.creationTime,
      })),
      ...(page.length < all.length && { nextToken: writeToken([page.at(-1)!.name]) }),
    };
  };
}

function isName(value: unknown): value is [string] {
  return Array.isArray(value) && typeof value[0] === 'string';
}
