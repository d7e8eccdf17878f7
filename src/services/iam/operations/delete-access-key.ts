// DeleteAccessKey: deletes an access key.
import { changeKey } from '../access-keys.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function deleteAccessKey(iam: Iam): IamOperation<'DeleteAccessKey'> {
  return async (input, context) => {
    await changeKey(iam, context, input.UserName, input.AccessKeyId!, (rows) =>
      rows.accessKeys.delete(input.AccessKeyId!),
    );
    return {};
  };
}
