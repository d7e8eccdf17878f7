// AssumeRole: temporary credentials of a role.
import { parseArn } from '../../../core/arn.ts';
import { notSupported, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import { roleSessionIdentity } from '../role-session.ts';
import type { Sts, StsOperation } from '../sts.ts';

export function assumeRole(sts: Sts): StsOperation<'AssumeRole'> {
  return async (input, { clock }) => {
    for (const parameter of ['Policy', 'PolicyArns', 'Tags', 'SerialNumber'] as const) {
      if (input[parameter] !== undefined) throw notSupported(parameter);
    }
    const role = parseArn(input.RoleArn!);
    if (role?.service !== 'iam' || !/^role\/./.test(role.resource))
      throw validationError(`${input.RoleArn} is invalid`);
    const identity = roleSessionIdentity(role, input.RoleSessionName!);
    const expires = clock.now() + (input.DurationSeconds ?? limits.assumeRoleDefaultSeconds) * 1000;
    return {
      Credentials: sts.issuer.issue(identity, expires),
      AssumedRoleUser: { AssumedRoleId: identity.userId, Arn: identity.arn },
      ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
    };
  };
}
