// AssumeRole: temporary credentials of a role.
import { parseArn } from '../../../core/arn.ts';
import { AwsError } from '../../../core/errors.ts';
import type { CallContext } from '../../service.ts';
import { notSupported, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import { roleSessionIdentity } from '../role-session.ts';
import type { Sts, StsOperation } from '../sts.ts';

export function assumeRole(sts: Sts): StsOperation<'AssumeRole'> {
  return async (input, context) => {
    for (const parameter of ['Policy', 'PolicyArns', 'Tags', 'SerialNumber'] as const) {
      if (input[parameter] !== undefined) throw notSupported(parameter);
    }
    const arn = parseArn(input.RoleArn!);
    if (arn?.service !== 'iam' || !/^role\/./.test(arn.resource)) throw validationError(`${input.RoleArn} is invalid`);
    const seconds = input.DurationSeconds ?? limits.assumeRoleDefaultSeconds;
    const role = await roleOf(input.RoleArn!, context);
    if (seconds > (role?.MaxSessionDuration ?? Number.POSITIVE_INFINITY)) {
      throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    }
    if (seconds > limits.chainedRoleMaxSeconds && context.caller.arn.includes(':assumed-role/')) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    const identity = roleSessionIdentity(arn, input.RoleSessionName!, role?.RoleId);
    return {
      Credentials: sts.issuer.issue(identity, context.clock.now() + seconds * 1000),
      AssumedRoleUser: { AssumedRoleId: identity.userId, Arn: identity.arn },
      ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
    };
  };
}

/** The role as IAM holds it in the caller's account; undefined when it holds none of that ARN, or is not there. */
async function roleOf(arn: string, { call }: CallContext) {
  try {
    const { Role: role } = await call('iam', 'GetRole', { RoleName: arn.slice(arn.lastIndexOf('/') + 1) });
    return role?.Arn === arn ? role : undefined;
  } catch (error) {
    if (error instanceof AwsError && error.fault === 'client') return undefined;
    if (error instanceof AwsError && error.code === 'UnknownServiceException') return undefined;
    throw error;
  }
}
