// PutFunctionEventInvokeConfig: how asynchronous invocations of a qualifier are retried and told of, replacing all before.
import {
  checkDestinations,
  type EventInvokeRecord,
  latestQualifier,
  noFunctionToConfigure,
  readSettings,
  showEventInvokeConfig,
} from '../event-invoke-configs.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findQualified } from '../qualified.ts';

export function putFunctionEventInvokeConfig(lambda: Lambda): LambdaOperation<'PutFunctionEventInvokeConfig'> {
  return async (input, { caller, clock }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'PutFunctionEventInvokeConfig', input.Qualifier);
    const qualifier = owner.qualifier ?? latestQualifier;
    const record: EventInvokeRecord = { ...readSettings(input), lastModified: clock.now() };
    await lambda.store.change(async (transaction) => {
      if ((await findQualified(transaction, owner, qualifier)) === undefined) throw noFunctionToConfigure();
      await checkDestinations(transaction, owner, input.DestinationConfig);
      await transaction.settings.put('event-invoke-config', owner, qualifier, record);
    });
    return showEventInvokeConfig(owner, qualifier, record);
  };
}
