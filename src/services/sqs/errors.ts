// Errors of Amazon SQS, in the words that AWS was recorded with.
import { AwsError } from '../../core/errors.ts';

/** Not modelled; the query protocol shortens its code to `InvalidParameterValue`. */
export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);

/** E.g. `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.` */
export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

/** Not modelled; the query protocol shortens its code to `MissingParameter`. */
export const missingParameter = (parameter: string) =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const invalidAddress = (address: string) =>
  new AwsError('InvalidAddress', `The address ${address} is not valid for this endpoint.`);

export const queueNameExists = (attribute: string) =>
  new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );

export const queueDeletedRecently = () =>
  new AwsError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );

export const unknownAttribute = (name: string) => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidAttributeName = (message: string) => new AwsError('InvalidAttributeName', message);

export const invalidAttributeValue = (name: string, reason?: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

export const invalidMessageContents = () =>
  new AwsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

export const receiptHandleIsInvalid = (handle: string) =>
  new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);

export const receiptHandleExpired = (handle: string) =>
  invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');

export const messageNotInFlight = () => new AwsError('MessageNotInflight', 'The specified message is not in flight.');

export const emptyBatch = (entry: string) =>
  new AwsError('EmptyBatchRequest', `There should be at least one ${entry} in the request.`);

export const tooManyEntries = (sent: number) =>
  new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${sent}.`);

export const idsNotDistinct = (id: string) => new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const invalidBatchEntryId = () =>
  new AwsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const batchTooLong = (limit: number, sent: number) =>
  new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${sent} bytes.`,
  );

export const purgeInProgress = (queue: string) =>
  new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue} is allowed every 60 seconds.`);

export const overLimit = (message: string) => new AwsError('OverLimit', message);

export const resourceNotFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const notAnArn = (parameter: string) =>
  invalidParameter(
    `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
  );
