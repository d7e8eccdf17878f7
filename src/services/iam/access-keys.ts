// Access keys of users and of an account's root.
import type { CallContext, Caller } from '../service.ts';
import { namedOrCallingUser } from './calling-user.ts';
import { noSuchAccessKey, quotaExceeded } from './errors.ts';
import type { Iam } from './iam.ts';
import { wholeSeconds } from './identities.ts';
import { limits } from './limits.ts';
import type { AccessKey, IamRows } from './store/index.ts';
import { uniqueId } from './unique-id.ts';

export interface AccessKeyOwner {
  /** Unique id of the user, or the account's number for its root. */
  id: string;
  /** undefined for root. */
  name: string | undefined;
}

/** Whose keys an operation is about. */
export async function accessKeyOwner(
  rows: IamRows,
  caller: Caller,
  userName: string | undefined,
): Promise<AccessKeyOwner> {
  const user = await namedOrCallingUser(rows, caller, userName);
  return user === undefined ? { id: caller.account, name: undefined } : { id: user.id, name: user.name };
}

export async function createKey(
  iam: Iam,
  { caller, clock, ids }: CallContext,
  userName: string | undefined,
): Promise<{ key: AccessKey; owner: AccessKeyOwner }> {
  const created = await iam.store.change(async (rows) => {
    const owner = await accessKeyOwner(rows, caller, userName);
    if ((await rows.accessKeys.of(owner.id)).length >= limits.accessKeysPerUser) {
      throw quotaExceeded('AccessKeysPerUser', limits.accessKeysPerUser);
    }
    const key: AccessKey = {
      id: uniqueId('AKIA', caller.account, ids),
      account: caller.account,
      ownerId: owner.id,
      // Thirty bytes are forty characters of base64, as long as AWS's secrets are.
      secret: Buffer.from(ids.hex(30), 'hex').toString('base64'),
      active: true,
      createdAt: wholeSeconds(clock.now()),
    };
    await rows.accessKeys.insert(key);
    return { key, owner };
  });
  // A request may have been sent with the id before it was one.
  iam.holders.forget();
  return created;
}

/** Changes a key of the named or calling user; `change` does the change. */
export async function changeKey(
  iam: Iam,
  { caller }: CallContext,
  userName: string | undefined,
  accessKeyId: string,
  change: (rows: IamRows) => Promise<void>,
): Promise<void> {
  await iam.store.change(async (rows) => {
    const owner = await accessKeyOwner(rows, caller, userName);
    const key = await rows.accessKeys.find(accessKeyId);
    if (key?.ownerId !== owner.id) throw noSuchAccessKey(accessKeyId);
    await change(rows);
  });
  iam.holders.forget();
}
