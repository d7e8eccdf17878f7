// Who may call a function URL: what the function's own policy says, and for its own account whoever signs.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
import { judge } from '../policy-judgement.ts';
import type { PolicyDocument } from '../resource-policy.ts';
import type { FunctionUrlConfig } from '../url-configs.ts';
import type { UrlCaller } from './url-event.ts';

export interface UrlAttempt {
  authType: FunctionUrlConfig['AuthType'];
  /** Account of the function. */
  account: string;
  /** Undefined for a request without a signature. */
  caller: UrlCaller | undefined;
}

/** Whether `policy`, of the function or alias that the URL belongs to, lets this attempt through. */
export function mayCallUrl(policy: PolicyDocument | undefined, attempt: UrlAttempt): boolean {
  const { authType, account, caller } = attempt;
  const judgement = judge(policy, {
    action: 'lambda:InvokeFunctionUrl',
    caller,
    facts: { 'lambda:functionurlauthtype': authType!, 'lambda:invokedviafunctionurl': 'true' },
  });
  if (judgement === 'denied') return false;
  if (authType === 'AWS_IAM') {
    if (caller === undefined) return false;
    // What IAM allows its own users and roles is not looked at: whoever has keys of the account may.
    if (caller.account === account) return true;
  }
  return judgement === 'allowed';
}
