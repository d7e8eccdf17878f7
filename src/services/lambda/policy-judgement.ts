// What a resource policy says of an attempt: whether a statement allows or denies it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import type { PolicyDocument, Statement } from './resource-policy.ts';

export interface Attempt {
  /** E.g. `lambda:InvokeFunction`. */
  action: string;
  /** Undefined for a request without a signature. */
  caller: { account: string; arn: string } | undefined;
  /** What conditions may ask about beside the caller, by key in lower case. */
  facts?: Readonly<Record<string, string>>;
}

export type Judgement = 'allowed' | 'denied' | 'unmentioned';

/** Looks at the statements alone: what IAM allows a caller of the resource's own account is not asked. */
export function judge(policy: PolicyDocument | undefined, attempt: Attempt): Judgement {
  const about = (policy?.Statement ?? []).filter((statement) => speaksOf(statement, attempt));
  if (about.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return about.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'unmentioned';
}

function speaksOf({ Principal, Action, Condition }: Statement, attempt: Attempt): boolean {
  const action = attempt.action.toLowerCase();
  return (
    list(Action).some((pattern) => isLike(pattern.toLowerCase(), action)) &&
    isOf(Principal, attempt.caller) &&
    Object.entries(Condition ?? {}).every(holds)
  );

  function holds([operator, keys]: [string, Record<string, string | string[]>]): boolean {
    return Object.entries(keys).every(([key, wanted]) => {
      const actual = factOf(key.toLowerCase(), attempt);
      return actual !== undefined && matches(operator, list(wanted), actual);
    });
  }
}

function isOf(principal: Statement['Principal'], caller: Attempt['caller']): boolean {
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

function factOf(key: string, { caller, facts }: Attempt): string | undefined {
  if (key === 'aws:principalarn') return caller?.arn;
  if (key === 'aws:principalaccount' || key === 'aws:sourceaccount') return caller?.account;
  return facts?.[key];
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
