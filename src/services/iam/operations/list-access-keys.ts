// ListAccessKeys: the access keys of a user, without their secrets.
import { accessKeyOwner } from '../access-keys.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { page } from '../pages.ts';

export function listAccessKeys(iam: Iam): IamOperation<'ListAccessKeys'> {
  return async (input, { caller }) => {
    const owner = await accessKeyOwner(iam.store.rows, caller, input.UserName);
    const { items, rest } = page(await iam.store.rows.accessKeys.of(owner.id), (key) => key.id, input);
    const keys = items.map((key) => ({
      UserName: owner.name,
      AccessKeyId: key.id,
      Status: key.active ? ('Active' as const) : ('Inactive' as const),
      CreateDate: new Date(key.createdAt),
    }));
    return { AccessKeyMetadata: keys, ...rest };
  };
}
