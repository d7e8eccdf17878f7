// GetSessionToken: temporary credentials of the caller itself.
import { notSupported } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Sts, StsOperation } from '../sts.ts';

export function getSessionToken(sts: Sts): StsOperation<'GetSessionToken'> {
  return async (input, { caller, clock }) => {
    if (input.SerialNumber !== undefined || input.TokenCode !== undefined) throw notSupported('SerialNumber');
    const expires = clock.now() + (input.DurationSeconds ?? limits.sessionTokenDefaultSeconds) * 1000;
    const { account, arn, userId } = caller;
    return { Credentials: sts.issuer.issue({ account, arn, userId }, expires) };
  };
}
