// UpdateEventSourceMapping: changes how a source is polled, whether it is, and for which function.
import { checkSource } from '../event-source-check.ts';
import { changingState, checkSettled, mappingNotFound, showMapping } from '../event-source-mapping.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { readChangedMapping } from '../mapping-input.ts';
import { checkUnique, findTarget } from '../mapping-target.ts';
import type { StoredMapping } from '../store/index.ts';

export function updateEventSourceMapping(lambda: Lambda): LambdaOperation<'UpdateEventSourceMapping'> {
  return async (input, context) => {
    const { caller, clock } = context;
    const { account, region } = caller;
    const uuid = input.UUID!;
    const current = await lambda.store.mappings.get(account, region, uuid);
    if (current === undefined) throw mappingNotFound();
    const target =
      input.FunctionName === undefined
        ? undefined
        : await findTarget(lambda, caller, 'UpdateEventSourceMapping', input.FunctionName);
    if (target !== undefined) {
      await checkSource(current.kind, current.settings.EventSourceArn, target.timeoutSeconds, context);
    }
    const stored = await lambda.store.change(async (transaction): Promise<StoredMapping> => {
      const before = await transaction.mappings.get(account, region, uuid);
      if (before === undefined) throw mappingNotFound();
      const settings = readChangedMapping(before.kind, before.settings, input);
      checkSettled(before, 'update');
      const key = { account, region, uuid };
      if (target !== undefined) await checkUnique(transaction, key, before.kind, settings, target);
      const enabled = input.Enabled ?? before.enabled;
      const record = {
        ...before,
        functionArn: target?.arn ?? before.functionArn,
        settings,
        state: changingState(before.enabled, enabled),
        enabled,
        lastModified: clock.now(),
      };
      await transaction.mappings.put({ ...key, record });
      return { ...key, record };
    });
    lambda.settleMapping(stored);
    return showMapping(stored);
  };
}
