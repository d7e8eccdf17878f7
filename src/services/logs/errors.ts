// Errors of CloudWatch Logs.
import { AwsError } from '../../core/errors.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const validationError = (message: string) => new AwsError('ValidationException', message);

export const groupNotFound = () => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');

export const streamNotFound = () =>
  new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');

export const groupExists = () =>
  new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');

export const streamExists = () =>
  new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');

export const resourceNotFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const invalidToken = () => invalidParameter('The specified nextToken is invalid.');

export const limitExceeded = (message: string) => new AwsError('LimitExceededException', message);

export const tooManyTags = (resourceName: string) =>
  new AwsError('TooManyTagsException', 'The resource can have no more than 50 tags.', { members: { resourceName } });

export const deletionProtected = () =>
  validationError('The log group has deletion protection enabled. Disable it before deleting.');

/** A parameter that nothing would act on. */
export const notSupported = (parameter: string) =>
  invalidParameter(`The parameter ${parameter} is not supported by this release of Lambent.`);
