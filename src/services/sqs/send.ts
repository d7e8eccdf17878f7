// Sending: what SendMessage and SendMessageBatch have in common.
import { hash } from 'node:crypto';
import type { Queries } from '../../storage/index.ts';
import type { CallContext } from '../service.ts';
import { invalidParameter, invalidValue, missingParameter } from './errors.ts';
import { limits } from './limits.ts';
import {
  type Attributes,
  attributeBytes,
  attributesMd5,
  encodeAttributes,
  md5,
  requireValidText,
  traceHeaderOf,
  validateAttributes,
} from './message-attributes.ts';
import type { Queue } from './queue.ts';
import { sequenceNumber } from './sequence-number.ts';
import { measure, type Sqs, withQueue } from './sqs.ts';
import { addToGroup, type Content, findDuplicate, forgetSent, insertMessage, rememberSent } from './store/index.ts';

/** As SendMessage and each entry of a batch have it. */
export interface MessageInput {
  MessageBody?: string | undefined;
  DelaySeconds?: number | undefined;
  MessageAttributes?: Attributes | undefined;
  MessageSystemAttributes?: Attributes | undefined;
  MessageDeduplicationId?: string | undefined;
  MessageGroupId?: string | undefined;
}

/** A message that was found valid. */
export interface Draft {
  content: Omit<Content, 'messageId'>;
  /** Undefined: as the queue has it. */
  delayMs: number | undefined;
  bytes: number;
  answer: { MD5OfMessageBody: string; MD5OfMessageAttributes?: string; MD5OfMessageSystemAttributes?: string };
}

export interface Sent {
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  MD5OfMessageSystemAttributes?: string;
  MessageId: string;
  SequenceNumber?: string;
}

/** Bytes of a message as AWS counts them: body and attributes. */
export function messageBytes({ MessageBody = '', MessageAttributes = {} }: MessageInput): number {
  return Buffer.byteLength(MessageBody) + attributeBytes(MessageAttributes);
}

/** What must hold of a FIFO queue's messages all at once, whether they come alone or in a batch. */
export function requireFifoParameters(queue: Queue, input: MessageInput): void {
  if (!queue.fifo) return;
  if (!input.MessageGroupId) throw missingParameter('MessageGroupId');
  if (input.MessageDeduplicationId === undefined && !queue.settings.contentBasedDeduplication) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}

/** Validates a message. Throws what AWS answers to the first thing that is wrong. */
export function draftMessage(queue: Queue, input: MessageInput, { caller, headers }: CallContext): Draft {
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delay } = input;
  if (body === undefined || body === '') throw missingParameter('MessageBody');
  if (delay !== undefined && (delay < 0 || delay > limits.delaySeconds)) {
    throw invalidValue(delay, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${limits.delaySeconds}.`);
  }
  if (delay && queue.fifo) {
    throw invalidValue(delay, 'DelaySeconds', 'The request include parameter that is not valid for this queue type.');
  }
  requireValidIds(queue, input);
  requireValidText(body);
  validateAttributes(attributes, 'user');
  const sentTrace = traceHeaderOf(input.MessageSystemAttributes);
  const bytes = messageBytes(input);
  if (bytes > queue.settings.maxBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maxBytes} bytes.`,
    );
  }
  const bodyMd5 = md5(body);
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    content: {
      body,
      bodyMd5,
      attributes: hasAttributes ? encodeAttributes(attributes) : null,
      // AWS hands the trace on to whoever receives the message, which is how it detects recursion.
      traceHeader: sentTrace ?? headers['x-amzn-trace-id'] ?? null,
      senderId: caller.userId,
      groupId: input.MessageGroupId ?? null,
      deduplicationId: queue.fifo ? (input.MessageDeduplicationId ?? sha256(body)) : null,
    },
    delayMs: queue.fifo || delay === undefined ? undefined : delay * 1000,
    bytes,
    answer: {
      MD5OfMessageBody: bodyMd5,
      ...(hasAttributes && { MD5OfMessageAttributes: attributesMd5(attributes) }),
      ...(sentTrace !== undefined && {
        MD5OfMessageSystemAttributes: attributesMd5(input.MessageSystemAttributes!),
      }),
    },
  };
}

/** Stores messages in one transaction, in order, and wakes who waits for them. */
export async function sendMessages(sqs: Sqs, queue: Queue, drafts: readonly Draft[]): Promise<Sent[]> {
  await sqs.store.numbers.stocked();
  const { sent, visibleAt } = await withQueue(sqs, queue, async (queries) => {
    const now = sqs.clock.now();
    const delays = drafts.map(({ delayMs }) => now + (delayMs ?? queue.settings.delayMs));
    const stored: Sent[] = [];
    for (const [index, draft] of drafts.entries()) {
      stored.push(await storeMessage(sqs, queries, queue, draft, now, delays[index]!));
    }
    if (queue.fifo) await forgetSent(queries, now);
    return { sent: stored, visibleAt: delays };
  });
  if (sqs.waiting.at(queue.arn)) {
    const now = sqs.clock.now();
    sqs.waiting.wake(queue.arn, visibleAt.filter((at) => at <= now).length);
    const later = visibleAt.filter((at) => at > now);
    if (later.length > 0) sqs.waiting.wakeAt(queue.arn, Math.min(...later));
  }
  measure(sqs, queue, 'NumberOfMessagesSent', drafts.length);
  for (const { bytes } of drafts) measure(sqs, queue, 'SentMessageSize', bytes);
  return sent;
}

async function storeMessage(
  sqs: Sqs,
  queries: Queries,
  queue: Queue,
  { content, answer }: Draft,
  now: number,
  visibleAt: number,
): Promise<Sent> {
  const { messageSet } = queue.state;
  const messageId = sqs.ids.uuid();
  if (!queue.fifo) {
    const at = { id: sqs.store.numbers.next(), messageSet, fifoGroup: null, sent: now, visibleAt };
    await insertMessage(queries, at, { ...content, messageId });
    return { ...answer, MessageId: messageId };
  }
  const group = content.groupId!;
  const scope = queue.settings.deduplicatesByGroup ? group : '';
  const duplicate = await findDuplicate(queries, messageSet, scope, content.deduplicationId!, now);
  if (duplicate !== undefined) {
    return {
      ...answer,
      MessageId: duplicate.message_id,
      SequenceNumber: sequenceNumber(duplicate.position),
    };
  }
  const position = sqs.store.numbers.next();
  await insertMessage(
    queries,
    { id: position, messageSet, fifoGroup: group, sent: now, visibleAt },
    { ...content, messageId },
  );
  await addToGroup(queries, messageSet, group, visibleAt);
  await rememberSent(queries, messageSet, scope, content.deduplicationId!, { now, messageId, position });
  return { ...answer, MessageId: messageId, SequenceNumber: sequenceNumber(position) };
}

function requireValidIds(queue: Queue, input: MessageInput): void {
  const { MessageGroupId: group, MessageDeduplicationId: deduplication } = input;
  if (group !== undefined && !isPunctuated(group, limits.groupIdLength)) {
    throw invalidValue(
      group,
      'MessageGroupId',
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
  if (deduplication === undefined) return;
  if (!queue.fifo) {
    throw invalidValue(
      deduplication,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    );
  }
  if (!isPunctuated(deduplication, limits.deduplicationIdLength)) {
    throw invalidValue(
      deduplication,
      'MessageDeduplicationId',
      'MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
}

/** Printable ASCII without the space. */
const isPunctuated = (text: string, max: number) => text.length <= max && /^[\x21-\x7e]+$/.test(text);

const sha256 = (text: string) => hash('sha256', text, 'hex');
