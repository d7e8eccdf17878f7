// Errors of Lambda, with AWS's texts.
import { AwsError } from '../../core/errors.ts';

const user = { Type: 'User' };

export const invalidParameter = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: user });

/** One of the few that AWS sends without a Type. */
export const invalidParameterUntyped = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: { Type: null } });

export const resourceNotFound = (message: string) =>
  new AwsError('ResourceNotFoundException', message, { status: 404, members: user });

export const functionNotFound = (arn: string) => resourceNotFound(`Function not found: ${arn}`);

export const resourceConflict = (message: string) =>
  new AwsError('ResourceConflictException', message, { status: 409, members: user });

export const provisionedConcurrencyNotFound = () =>
  new AwsError(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    { status: 404, members: user },
  );

export const codeStorageExceeded = () =>
  new AwsError('CodeStorageExceededException', 'Code storage limit exceeded.', { members: user });

export const functionExists = (name: string) => resourceConflict(`Function already exist: ${name}`);

export const policyLengthExceeded = (bytes: number, limit: number) =>
  new AwsError(
    'PolicyLengthExceededException',
    `The final policy size (${bytes}) is bigger than the limit (${limit}).`,
    { members: user },
  );

export const preconditionFailed = () =>
  new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    { status: 412, members: user },
  );

export const layerPolicyPreconditionFailed = () =>
  new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id',
    { status: 412, members: user },
  );

export const accessDenied = (message: string) => new AwsError('AccessDeniedException', message, { status: 403 });

/** A value above what an account may have, in the words of the model's own bounds. */
export const validationFailed = (value: number, path: string, max: number) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must have value less than or equal to ${max}`,
  );

/** What the contract's validator would say, for what AWS words otherwise than the contract. */
export const validationErrors = (problems: readonly string[]) =>
  new AwsError(
    'ValidationException',
    `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );

/** Another account's function, where AWS tells nothing but that. */
export const otherAccount = () =>
  new AwsError('AccessDeniedException', '', { status: 403, members: { Message: null } });

/** A setting that Lambda has and this release does not act on. */
export const settingNotBuilt = (setting: string) =>
  invalidParameter(`${setting} is not supported by this release of Lambent.`);

export const requestTooLarge = (message: string) =>
  new AwsError('RequestEntityTooLargeException', message, { status: 413, members: user });

export const invalidRequestContent = (message: string) =>
  new AwsError('InvalidRequestContentException', message, { members: user });

/** Of a used-up reservation AWS does not say when to come again. */
export const tooManyRequests = (reason: string) =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Reason: reason, ...user },
    ...(reason === 'ReservedFunctionConcurrentInvocationLimitExceeded' ? {} : { headers: { 'Retry-After': '1' } }),
  });

export const invalidRuntime = (message: string) =>
  new AwsError('InvalidRuntimeException', message, { status: 502, members: { Type: 'Service', Message: message } });

export const fileSystemNotMounted = (message: string) =>
  new AwsError('EFSMountFailureException', message, { status: 403, members: { Type: 'User', Message: message } });
