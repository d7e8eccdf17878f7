// DeleteFunctionConcurrency: gives a function's reservation back to the account; none is no error.
import { laneOf } from '../asynchronous/event-state.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { wholeFunction } from '../store/index.ts';

export function deleteFunctionConcurrency(lambda: Lambda): LambdaOperation<'DeleteFunctionConcurrency'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'DeleteFunctionConcurrency');
    await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) === undefined) throw functionNotFound(functionArn(key, '$LATEST'));
      await transaction.settings.delete('reserved-concurrency', key, wholeFunction);
    });
    // What waits for room may have it now.
    lambda.events.wake(laneOf(key));
    return {};
  };
}
