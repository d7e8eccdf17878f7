// PutFunctionConcurrency: keeps concurrency for one function, and holds the function to it.
import { laneOf } from '../asynchronous/event-state.ts';
import type { ReservedRecord } from '../concurrency.ts';
import { unreservedMinimum } from '../concurrency.ts';
import { functionNotFound, invalidParameterUntyped } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { concurrencyLimit } from '../quotas.ts';
import { readConcurrency, wholeFunction } from '../store/index.ts';

export function putFunctionConcurrency(lambda: Lambda): LambdaOperation<'PutFunctionConcurrency'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'PutFunctionConcurrency');
    const record: ReservedRecord = { executions: input.ReservedConcurrentExecutions! };
    const limit = concurrencyLimit(lambda.quotas, key);
    await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) === undefined) throw functionNotFound(functionArn(key, '$LATEST'));
      const concurrency = await readConcurrency(transaction.settings, key.account, key.region);
      const provisioned = concurrency.provisionedSum(key.name);
      if (record.executions < provisioned) {
        throw invalidParameterUntyped(
          ` ReservedConcurrentExecutions  ${record.executions} should not be lower than function's total provisioned concurrency [${provisioned}].`,
        );
      }
      if (!concurrency.mayClaim(key.name, record.executions, limit)) {
        throw invalidParameterUntyped(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMinimum(limit)}].`,
        );
      }
      await transaction.settings.put('reserved-concurrency', key, wholeFunction, record);
    });
    // What waits for room may have it now.
    lambda.events.wake(laneOf(key));
    return { ReservedConcurrentExecutions: record.executions };
  };
}
