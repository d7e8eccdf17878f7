// Visibility timeouts: which are possible, and changing that of a message in flight.
import type { Queries } from '../../storage/index.ts';
import { invalidValue, messageNotInFlight, missingParameter, receiptHandleExpired } from './errors.ts';
import { limits } from './limits.ts';
import type { Queue } from './queue.ts';
import { parseReceiptHandle } from './receipt-handle.ts';
import type { Sqs } from './sqs.ts';
import { deliveryOf, refreshGroup, setVisibility } from './store/index.ts';

/** `seconds` from a request. Throws InvalidParameterValue. */
export function requireVisibilityTimeout(seconds: number): void {
  if (seconds < 0 || seconds > limits.visibilitySeconds) {
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `VisibilityTimeout must be an integer between 0 and ${limits.visibilitySeconds}`,
    );
  }
}

/** Makes a message visible `seconds` from now on; when that is, epoch milliseconds. */
export async function changeVisibility(
  sqs: Sqs,
  queries: Queries,
  queue: Queue,
  {
    ReceiptHandle: handle,
    VisibilityTimeout: seconds,
  }: { ReceiptHandle?: string | undefined; VisibilityTimeout?: number | undefined },
): Promise<number> {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  requireVisibilityTimeout(seconds);
  const receipt = parseReceiptHandle(handle);
  const { messageSet } = queue.state;
  const found = receipt.messageSet === messageSet ? await deliveryOf(queries, messageSet, receipt.id) : undefined;
  if (found === undefined) {
    throw invalidValue(
      handle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  }
  const now = sqs.clock.now();
  if (queue.fifo && (found.receive_count !== receipt.receiveCount || found.visible_at <= now)) {
    throw receiptHandleExpired(handle);
  }
  if (found.in_flight === 0) throw messageNotInFlight();
  const visibleAt = now + seconds * 1000;
  if (visibleAt - found.received! > limits.visibilitySeconds * 1000) {
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `Total VisibilityTimeout for the message is beyond the limit [${limits.visibilitySeconds} seconds]`,
    );
  }
  // A timeout of zero gives the message back: it is in flight no longer.
  await setVisibility(queries, found.id, visibleAt, seconds > 0);
  if (found.fifo_group !== null) await refreshGroup(queries, messageSet, found.fifo_group);
  return visibleAt;
}

/** Tells those who wait that messages are visible, or will be. */
export function announceVisible(sqs: Sqs, queue: Queue, visibleAt: readonly number[]): void {
  if (visibleAt.length === 0 || !sqs.waiting.at(queue.arn)) return;
  const now = sqs.clock.now();
  const atOnce = visibleAt.filter((at) => at <= now).length;
  sqs.waiting.wake(queue.arn, atOnce);
  if (atOnce < visibleAt.length) sqs.waiting.wakeAt(queue.arn, Math.min(...visibleAt.filter((at) => at > now)));
}
