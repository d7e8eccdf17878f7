// DeleteFunctionUrlConfig: a URL, which is never given out again.
import { resourceNotFound } from '../errors.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { wholeFunction } from '../store/index.ts';

export function deleteFunctionUrlConfig(lambda: Lambda): LambdaOperation<'DeleteFunctionUrlConfig'> {
  return async (input, { caller }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'DeleteFunctionUrlConfig', input.Qualifier);
    const slot = owner.qualifier ?? wholeFunction;
    const isDeleted = await lambda.store.change((transaction) =>
      transaction.settings.delete('url-config', owner, slot),
    );
    if (!isDeleted) throw resourceNotFound('The resource you requested does not exist.');
    return {};
  };
}
