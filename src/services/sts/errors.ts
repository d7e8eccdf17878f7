// Errors of STS.
import { AwsError } from '../../core/errors.ts';

export const validationError = (message: string) => new AwsError('ValidationError', message);

export const notSupported = (parameter: string) =>
  new AwsError(
    'InvalidParameterCombination',
    `The parameter ${parameter} is not supported by this release of Lambent.`,
  );
