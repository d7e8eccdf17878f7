// CreateEventSourceMapping: lets a function be invoked with what a queue, a stream or a broker holds.
import { checkSource } from '../event-source-check.ts';
import { showMapping } from '../event-source-mapping.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { readNewMapping } from '../mapping-input.ts';
import { checkUnique, findTarget } from '../mapping-target.ts';
import type { StoredMapping } from '../store/index.ts';
import { checkTags } from '../tags.ts';

export function createEventSourceMapping(lambda: Lambda): LambdaOperation<'CreateEventSourceMapping'> {
  return async (input, context) => {
    const { caller, clock, ids } = context;
    const uuid = ids.uuid();
    const { kind, settings } = readNewMapping(input, uuid);
    const tags = checkTags(input.Tags ?? {});
    const enabled = input.Enabled ?? true;
    const target = await findTarget(lambda, caller, 'CreateEventSourceMapping', input.FunctionName!);
    await checkSource(kind, input.EventSourceArn, target.timeoutSeconds, context);
    const stored: StoredMapping = {
      account: caller.account,
      region: caller.region,
      uuid,
      record: {
        kind,
        functionArn: target.arn,
        settings,
        // There is nothing to start for one that is not to be polled.
        state: enabled ? 'Creating' : 'Disabled',
        enabled,
        lastModified: clock.now(),
        tags,
      },
    };
    await lambda.store.change(async (transaction) => {
      await checkUnique(transaction, stored, kind, settings, target);
      await transaction.mappings.put(stored);
    });
    if (enabled) lambda.settleMapping(stored);
    return showMapping(stored);
  };
}
