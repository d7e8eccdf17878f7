// GetCallerIdentity: who the caller is.
import type { StsOperation } from '../sts.ts';

export function getCallerIdentity(): StsOperation<'GetCallerIdentity'> {
  return async (_input, { caller }) => ({ UserId: caller.userId, Account: caller.account, Arn: caller.arn });
}
