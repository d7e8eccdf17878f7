// Errors of Service Quotas, with AWS's texts where they are known.
import { AwsError } from '../../core/errors.ts';

const noSuchResource = (message: string) => new AwsError('NoSuchResourceException', message);

export const noSuchService = () => noSuchResource('The request failed because the specified service does not exist.');

export const noSuchQuota = () => noSuchResource('The request failed because the specified quota does not exist.');

export const noSuchRequest = () => noSuchResource('The request failed because the specified request does not exist.');

export const noSuchContext = () =>
  noSuchResource('The request failed because applied value for the specified context Id do not exist.');

const illegalArgument = (message: string) => new AwsError('IllegalArgumentException', message);

export const notAdjustable = () => illegalArgument('The request failed because the specified quota is not adjustable.');

export const notGreater = () => illegalArgument('You must provide a quota value greater than the current quota value');

export const requestOpen = () =>
  new AwsError('ResourceAlreadyExistsException', 'Only one open service quota increase request is allowed per quota.');

export const invalidPaginationToken = () =>
  new AwsError('InvalidPaginationTokenException', 'Invalid pagination token provided.');
