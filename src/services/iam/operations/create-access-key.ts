// CreateAccessKey: a new access key of a user, and the only time that its secret is told.
import { createKey } from '../access-keys.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function createAccessKey(iam: Iam): IamOperation<'CreateAccessKey'> {
  return async (input, context) => {
    const { key, owner } = await createKey(iam, context, input.UserName);
    return {
      AccessKey: {
        UserName: owner.name,
        AccessKeyId: key.id,
        Status: 'Active',
        SecretAccessKey: key.secret,
        CreateDate: new Date(key.createdAt),
      },
    };
  };
}
