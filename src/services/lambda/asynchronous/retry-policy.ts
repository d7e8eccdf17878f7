// When an event is tried again, and when Lambda gives it up.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
import { backOffMs } from '../../../execution/index.ts';

/** Why an event is over, in the words of its record. */
export type Condition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  | 'RecursiveInvocation';

/** What is known of an event when it is decided on. Times are epoch milliseconds. */
export interface Tries {
  acceptedAt: number;
  now: number;
  /** How often it was sent to its function, or found no function. */
  attempts: number;
  /** How often it could not be sent for a fault of the platform. */
  faults: number;
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
}

export type Decision = { over: Condition } | { at: number };

const retryStepMs = 60_000;

/** Why an event may not be sent to its function any more; undefined when it may. */
export function conditionOf(tries: Tries): Condition | undefined {
  if (tries.attempts > tries.maximumRetryAttempts) return 'RetriesExhausted';
  return isTooOld(tries, tries.now) ? 'EventAgeExceeded' : undefined;
}

/** After the function failed: again in a minute, then in two; never past the age, and then at once no more, as on AWS. */
export function afterFunctionError(tries: Tries): Decision {
  return again(tries, tries.now + tries.attempts * retryStepMs);
}

/** After a fault of the platform, which counts as no attempt. */
export function afterFault(tries: Tries): Decision {
  return again(tries, tries.now + backOffMs(tries.faults));
}

function again(tries: Tries, at: number): Decision {
  const condition = conditionOf(tries);
  if (condition !== undefined) return { over: condition };
  return isTooOld(tries, at) ? { over: 'EventAgeExceeded' } : { at };
}

function isTooOld({ acceptedAt, maximumEventAgeSeconds }: Tries, at: number): boolean {
  return at - acceptedAt >= maximumEventAgeSeconds * 1000;
}
