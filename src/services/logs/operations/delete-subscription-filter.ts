// DeleteSubscriptionFilter: ends the deliveries of a filter, also those that wait for a retry.
import { resourceNotFound } from '../errors.ts';
import { findGroup } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function deleteSubscriptionFilter({
  store,
  sink,
  subscriptions,
}: Logs): LogsOperation<'DeleteSubscriptionFilter'> {
  return async (input, { caller }) => {
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    const deleted = await store.subscriptions.delete(group.id, input.filterName!);
    if (!deleted) throw resourceNotFound('The specified subscription filter does not exist.');
    await subscriptions.reload();
    return {};
  };
}
