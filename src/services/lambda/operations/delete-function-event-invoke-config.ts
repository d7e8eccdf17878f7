// DeleteFunctionEventInvokeConfig: back to AWS's defaults for asynchronous invocations of a qualifier.
import { latestQualifier, noEventInvokeConfig } from '../event-invoke-configs.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function deleteFunctionEventInvokeConfig(lambda: Lambda): LambdaOperation<'DeleteFunctionEventInvokeConfig'> {
  return async (input, { caller }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'DeleteFunctionEventInvokeConfig', input.Qualifier);
    const qualifier = owner.qualifier ?? latestQualifier;
    const isDeleted = await lambda.store.change((transaction) =>
      transaction.settings.delete('event-invoke-config', owner, qualifier),
    );
    if (!isDeleted) throw noEventInvokeConfig(owner, qualifier);
    return {};
  };
}
