// GetAccessKeyLastUsed: whose an access key is; when it was used is not kept, so it says what AWS says of unused keys.
import { accessDenied } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function getAccessKeyLastUsed(iam: Iam): IamOperation<'GetAccessKeyLastUsed'> {
  return async (input, { caller }) => {
    const key = await iam.store.rows.accessKeys.find(input.AccessKeyId!);
    if (key?.account !== caller.account) {
      throw accessDenied(
        `User: ${caller.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${input.AccessKeyId}`,
      );
    }
    const user = await iam.store.rows.identities.byId(key.ownerId);
    return { UserName: user?.name, AccessKeyLastUsed: { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' } };
  };
}
