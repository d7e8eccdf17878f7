// What destinations and dead-letter queues are told of an event that is over.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
import { isUtf8 } from 'node:buffer';
import { functionArn } from '../function-name.ts';
import type { Completion, EventState } from './event-state.ts';

/** The ARN that an event was invoked by, `$LATEST` where it named no qualifier. */
export function invokedArn(state: EventState): string {
  return functionArn(state, state.qualifier ?? '$LATEST');
}

/** The record of an invocation as JSON text. What was sent and what came back are in it as they were. */
export function invocationRecord(
  requestId: string,
  payload: Buffer,
  state: EventState,
  { condition, at }: Completion,
): string {
  const { response } = state;
  const returned = response?.payload;
  const isReadable = returned !== undefined && isJson(returned);
  const members = [
    member('version', '1.0'),
    member('timestamp', new Date(at).toISOString()),
    member('requestContext', {
      requestId,
      functionArn: invokedArn(state),
      condition,
      // AWS tells one for a success, after retries too.
      approximateInvokeCount: condition === 'Success' ? 1 : state.attempts,
    }),
    `"requestPayload":${payload.toString()}`,
  ];
  if (response !== undefined) {
    const { status, executedVersion, functionError } = response;
    members.push(member('responseContext', { statusCode: status, executedVersion, functionError }));
  }
  if (isReadable) members.push(`"responsePayload":${returned}`);
  else if (returned !== undefined) members.push(member('deliveryError', unreadable));
  return `{${members.join(',')}}`;
}

const unreadable = {
  statusCode: 400,
  errorCode: 'InvalidRequestContentException',
  errorMessage: 'The function response payload could not be parsed as JSON.',
};

const member = (name: string, value: unknown) => `"${name}":${JSON.stringify(value)}`;

/** How much of an error's message goes with a dead letter. */
const errorMessageBytes = 1024;

export interface DeadLetterAttribute {
  DataType: 'String' | 'Number';
  StringValue: string;
}

/** The message attributes of a dead letter; its body is the event itself. */
export function deadLetterAttributes(
  requestId: string,
  state: EventState,
  { condition }: Completion,
): Record<string, DeadLetterAttribute> {
  const { response } = state;
  const isZero = condition === 'ZeroReservedConcurrency';
  // AWS's own words, slip included.
  const message = isZero
    ? 'Function not invoked. Function isconfigured with zero reserved concurrent executions'
    : errorMessageOf(state);
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ...(isZero ? {} : { ErrorCode: { DataType: 'Number', StringValue: String(response?.status ?? 429) } }),
    // An attribute cannot be empty.
    ...(message === '' ? {} : { ErrorMessage: { DataType: 'String', StringValue: cut(message) } }),
  };
}

function errorMessageOf({ response }: EventState): string {
  if (response === undefined) return 'Rate Exceeded.';
  if (response.errorMessage !== undefined) return response.errorMessage;
  try {
    const { errorMessage } = JSON.parse(response.payload ?? '{}');
    return errorMessage === undefined || errorMessage === null ? '' : String(errorMessage);
  } catch {
    return response.payload ?? '';
  }
}

/** At most so many bytes, and no part of a character. */
function cut(text: string): string {
  const bytes = Buffer.from(text).subarray(0, errorMessageBytes);
  let length = bytes.length;
  while (!isUtf8(bytes.subarray(0, length))) length -= 1;
  return bytes.toString('utf8', 0, length);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
