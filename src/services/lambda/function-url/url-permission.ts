// Who may call a function URL: what the function's own policy says, and for its own account whoever signs.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
import type { PolicyDocument, Statement } from '../resource-policy.ts';
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
  const about = (policy?.Statement ?? []).filter((statement) => speaksOf(statement, attempt));
  if (about.some(({ Effect }) => Effect === 'Deny')) return false;
  if (attempt.authType === 'AWS_IAM') {
    if (attempt.caller === undefined) return false;
    // What IAM allows its own users and roles is not looked at: whoever has keys of the account may.
    if (attempt.caller.account === attempt.account) return true;
  }
  return about.some(({ Effect }) => Effect === 'Allow');
}

function speaksOf({ Principal, Action, Condition }: Statement, attempt: UrlAttempt): boolean {
  return (
    list(Action).some(isUrlAction) && isOf(Principal, attempt.caller) && Object.entries(Condition ?? {}).every(holds)
  );

  function holds([operator, keys]: [string, Record<string, string | string[]>]): boolean {
    return Object.entries(keys).every(([key, wanted]) => {
      const actual = factOf(key.toLowerCase(), attempt);
      return actual !== undefined && matches(operator, list(wanted), actual);
    });
  }
}

const isUrlAction = (action: string) =>
  ['*', 'lambda:*', 'lambda:invokefunctionurl', 'lambda:invoke*', 'lambda:invokefunction*'].includes(
    action.toLowerCase(),
  );

function isOf(principal: Statement['Principal'], caller: UrlCaller | undefined): boolean {
  if (principal === '*') return true;
  return list(principal['AWS'] ?? []).some((name) => {
    if (name === '*') return true;
    if (caller === undefined) return false;
    if (name === caller.account || name === `arn:aws:iam::${caller.account}:root`) return true;
    return name === caller.arn || name === roleOf(caller.arn);
  });
}

/** The role behind a session: `arn:aws:sts::…:assumed-role/name/session` is `arn:aws:iam::…:role/name`. */
function roleOf(arn: string): string | undefined {
  const role = /^arn:aws:sts::(\d{12}):assumed-role\/(.+)\/[^/]+$/.exec(arn);
  return role === null ? undefined : `arn:aws:iam::${role[1]}:role/${role[2]}`;
}

function factOf(key: string, { authType, caller }: UrlAttempt): string | undefined {
  if (key === 'lambda:functionurlauthtype') return authType;
  if (key === 'lambda:invokedviafunctionurl') return 'true';
  if (key === 'aws:principalarn') return caller?.arn;
  if (key === 'aws:principalaccount' || key === 'aws:sourceaccount') return caller?.account;
  return undefined;
}

/** What is not known here holds for nobody. */
function matches(operator: string, wanted: readonly string[], actual: string): boolean {
  const any = (test: (text: string) => boolean) => wanted.some(test);
  switch (operator) {
    case 'StringEquals':
    case 'ArnEquals':
      return any((text) => text === actual);
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return any((text) => text.toLowerCase() === actual.toLowerCase());
    case 'StringNotEquals':
      return !any((text) => text === actual);
    case 'StringLike':
    case 'ArnLike':
      return any((text) => isLike(text, actual));
    default:
      return false;
  }
}

/** `*` for any characters, `?` for one. Two pointers: a pattern that was made to be slow takes no longer than others. */
function isLike(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let i = 0; i < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = i;
    } else if (pattern[at] === '?' || pattern[at] === text[i]) {
      at++;
      i++;
    } else if (star !== -1) {
      at = star + 1;
      i = ++resumeAt;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}
