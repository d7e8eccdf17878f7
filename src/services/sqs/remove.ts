// Deleting messages that were received: what DeleteMessage and DeleteMessageBatch have in common.
import type { Queries } from '../../storage/index.ts';
import { missingParameter, receiptHandleExpired } from './errors.ts';
import type { Queue } from './queue.ts';
import { parseReceiptHandle } from './receipt-handle.ts';
import type { Sqs } from './sqs.ts';
import { deleteMessage, deliveryOf, refreshGroup } from './store/index.ts';

/**
 * Deletes the message of a receipt handle; one that is gone already is no error. A standard queue takes any handle that the
 * message ever had, a FIFO queue only that of a delivery whose visibility timeout has not passed.
 */
export async function removeMessage(
  sqs: Sqs,
  queries: Queries,
  queue: Queue,
  handle: string | undefined,
): Promise<void> {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  const receipt = parseReceiptHandle(handle);
  const { messageSet } = queue.state;
  if (receipt.messageSet !== messageSet) return;
  const found = await deliveryOf(queries, messageSet, receipt.id);
  if (found === undefined) return;
  if (queue.fifo && (found.receive_count !== receipt.receiveCount || found.visible_at <= sqs.clock.now())) {
    throw receiptHandleExpired(handle);
  }
  await deleteMessage(queries, found.id);
  if (found.fifo_group !== null) await refreshGroup(queries, messageSet, found.fifo_group);
}
