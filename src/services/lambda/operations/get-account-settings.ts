// GetAccountSettings: what an account may have in this region, and what it has.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { codeStorageLimit, concurrencyLimit } from '../quotas.ts';

export function getAccountSettings(lambda: Lambda): LambdaOperation<'GetAccountSettings'> {
  return async (_input, { caller }) => {
    const { account, region } = caller;
    const concurrent = concurrencyLimit(lambda.quotas, caller);
    const { reservedSum } = await lambda.store.concurrency(account, region);
    const { functions, codeBytes } = await lambda.store.usage.get(account, region);
    return {
      AccountLimit: {
        TotalCodeSize: codeStorageLimit(lambda.quotas, caller),
        CodeSizeUnzipped: limits.unzippedBytes,
        CodeSizeZipped: limits.zippedBytes,
        ConcurrentExecutions: concurrent,
        UnreservedConcurrentExecutions: concurrent - reservedSum,
      },
      AccountUsage: { TotalCodeSize: codeBytes, FunctionCount: functions },
    };
  };
}
