// UpdateAccessKey: makes an access key active or inactive.
import { changeKey } from '../access-keys.ts';
import { invalidInput } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function updateAccessKey(iam: Iam): IamOperation<'UpdateAccessKey'> {
  return async (input, context) => {
    if (input.Status === 'Expired') throw invalidInput('An access key can be made Active or Inactive.');
    await changeKey(iam, context, input.UserName, input.AccessKeyId!, (rows) =>
      rows.accessKeys.setActive(input.AccessKeyId!, input.Status === 'Active'),
    );
    return {};
  };
}
