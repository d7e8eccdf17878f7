// GetAccessKeyInfo: the account of an access key id.
import { accountOfAccessKey } from '../access-key-account.ts';
import type { StsOperation } from '../sts.ts';

export function getAccessKeyInfo(): StsOperation<'GetAccessKeyInfo'> {
  return async (input, { caller }) => ({ Account: accountOfAccessKey(input.AccessKeyId!) ?? caller.account });
}
