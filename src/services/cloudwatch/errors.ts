// Errors of CloudWatch.
import { AwsError } from '../../core/errors.ts';

export const invalidParameterValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const invalidParameterCombination = (message: string) =>
  new AwsError('InvalidParameterCombinationException', message);

export const missingParameter = (message: string) => new AwsError('MissingRequiredParameterException', message);

export const validationError = (message: string) => new AwsError('ValidationError', message);

export const invalidNextToken = () => new AwsError('InvalidNextToken', 'The next token is invalid.');
