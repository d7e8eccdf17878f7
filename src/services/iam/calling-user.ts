// Whom an operation means that names no user: the one who calls.
import type { Caller } from '../service.ts';
import { noSuchIdentity, validationError } from './errors.ts';
import { requireIdentity } from './identities.ts';
import type { IamRows, Identity } from './store/index.ts';

/** The named user, or the calling one; undefined when the caller is the account's root. Throws for callers that are roles. */
export async function namedOrCallingUser(
  rows: IamRows,
  caller: Caller,
  name: string | undefined,
): Promise<Identity | undefined> {
  if (name !== undefined) return requireIdentity(rows, caller.account, 'user', name);
  if (caller.userId === caller.account) return undefined;
  if (!/^arn:[^:]+:iam::\d+:user\//.test(caller.arn)) {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  const user = await rows.identities.byId(caller.userId);
  if (user === undefined) throw noSuchIdentity('user', caller.arn.slice(caller.arn.lastIndexOf('/') + 1));
  return user;
}
