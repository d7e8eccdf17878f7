// DeleteFunctionCodeSigningConfig: a function's code is no longer judged; one that has no configuration is no error.
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function deleteFunctionCodeSigningConfig(lambda: Lambda): LambdaOperation<'DeleteFunctionCodeSigningConfig'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'DeleteFunctionCodeSigningConfig');
    await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) === undefined) throw functionNotFound(functionArn(key));
      await transaction.codeSigning.detach(key);
    });
    return {};
  };
}
