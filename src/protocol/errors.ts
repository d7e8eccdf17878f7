// Errors of the wire itself: requests that name no operation, or whose bytes do not fit the operation's shapes.
import { AwsError } from '../core/errors.ts';

/** A value of the wrong JSON type, or otherwise unreadable; `message` as AWS words it. */
export function serializationError(message: string): AwsError {
  return new AwsError('SerializationException', message);
}

/** No operation answers to this method and path, or to this target. */
export function unknownOperation(named: string | undefined, status = 400): AwsError {
  const message = named === undefined ? 'The request names no operation.' : `Unknown operation: ${named}`;
  return new AwsError('UnknownOperationException', message, { status });
}
