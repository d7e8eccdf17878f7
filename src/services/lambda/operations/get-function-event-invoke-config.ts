// GetFunctionEventInvokeConfig: the event invoke config of a function, a version or an alias.
import {
  type EventInvokeRecord,
  latestQualifier,
  noEventInvokeConfig,
  showEventInvokeConfig,
} from '../event-invoke-configs.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function getFunctionEventInvokeConfig(lambda: Lambda): LambdaOperation<'GetFunctionEventInvokeConfig'> {
  return async (input, { caller }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'GetFunctionEventInvokeConfig', input.Qualifier);
    const qualifier = owner.qualifier ?? latestQualifier;
    const record = await lambda.store.settings.get<EventInvokeRecord>('event-invoke-config', owner, qualifier);
    if (record === undefined) throw noEventInvokeConfig(owner, qualifier);
    return showEventInvokeConfig(owner, qualifier, record);
  };
}
