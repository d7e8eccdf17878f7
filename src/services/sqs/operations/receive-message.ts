// ReceiveMessage: at once, or after waiting for a message to become visible.
import { invalidValue, unknownAttribute } from '../errors.ts';
import { limits } from '../limits.ts';
import { attributesMd5, decodeAttributes, selectAttributes } from '../message-attributes.ts';
import type { Queue } from '../queue.ts';
import { formatReceiptHandle } from '../receipt-handle.ts';
import { type Received, receiveOnce, type Wanted } from '../receive.ts';
import { sequenceNumber } from '../sequence-number.ts';
import { measure, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';
import { requireVisibilityTimeout } from '../visibility.ts';

export function receiveMessage(sqs: Sqs): SqsOperation<'ReceiveMessage'> {
  return async (input, context) => {
    const { signal } = context;
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const { MaxNumberOfMessages: max = 1, WaitTimeSeconds: wait, VisibilityTimeout: visibility } = input;
    if (max < 1 || max > limits.maxMessages) {
      throw invalidValue(max, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
    }
    if (wait !== undefined && (wait < 0 || wait > limits.waitSeconds)) {
      throw invalidValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
    }
    if (visibility !== undefined) requireVisibilityTimeout(visibility);
    const attemptId = input.ReceiveRequestAttemptId;
    if (attemptId !== undefined && !/^[\x21-\x7e]{1,128}$/.test(attemptId)) {
      throw invalidValue(
        attemptId,
        'ReceiveRequestAttemptId',
        'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
      );
    }
    const told = toldAttributes([...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]);
    const waitMs = wait === undefined ? queue.settings.waitMs : wait * 1000;
    const received = await receive(sqs, waitMs, {
      queue,
      max,
      visibilityMs: visibility === undefined ? queue.settings.visibilityMs : visibility * 1000,
      attemptId,
      waits: waitMs > 0,
      signal,
    });
    if (received.length === 0) {
      measure(sqs, queue, 'NumberOfEmptyReceives', 1);
      return {};
    }
    measure(sqs, queue, 'NumberOfMessagesReceived', received.length);
    const { messageSet } = queue.state;
    const wanted = input.MessageAttributeNames ?? [];
    return { Messages: received.map((each) => toldMessage(queue, messageSet, each, told, wanted)) };
  };
}

async function receive(sqs: Sqs, waitMs: number, wanted: Wanted): Promise<Received[]> {
  if (waitMs === 0) return receiveOnce(sqs, wanted);
  const receiver = sqs.waiting.join(wanted.queue.arn, waitMs, wanted.signal);
  let received: Received[] = [];
  try {
    do received = await receiveOnce(sqs, wanted);
    while (received.length === 0 && (await receiver.woken()));
  } finally {
    receiver.leave(received.length > 0 || wanted.signal.aborted);
  }
  return received;
}

const systemAttributes = {
  SenderId: ({ row }: Received) => row.sender_id,
  SentTimestamp: ({ row }: Received) => String(row.sent),
  ApproximateReceiveCount: ({ receiveCount }: Received) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceived }: Received) => String(firstReceived),
  SequenceNumber: ({ row }: Received, { fifo }: Queue) => (fifo ? sequenceNumber(row.position) : undefined),
  MessageDeduplicationId: ({ row }: Received) => row.deduplication_id ?? undefined,
  MessageGroupId: ({ row }: Received) => row.group_id ?? undefined,
  AWSTraceHeader: ({ row }: Received) => row.trace_header ?? undefined,
  DeadLetterQueueSourceArn: ({ row }: Received) => row.source_arn ?? undefined,
} as const;

type SystemAttribute = keyof typeof systemAttributes;

const everySystemAttribute = Object.keys(systemAttributes) as SystemAttribute[];

function toldAttributes(names: readonly string[]): readonly SystemAttribute[] {
  for (const name of names) if (name !== 'All' && !(name in systemAttributes)) throw unknownAttribute(name);
  return names.includes('All') ? everySystemAttribute : ([...new Set(names)] as SystemAttribute[]);
}

function toldMessage(
  queue: Queue,
  messageSet: number,
  received: Received,
  told: readonly SystemAttribute[],
  wanted: readonly string[],
) {
  const { row, receiveCount } = received;
  const attributes: Record<string, string> = {};
  for (const name of told) {
    const value = systemAttributes[name](received, queue);
    if (value !== undefined) attributes[name] = value;
  }
  const selected =
    row.attributes === null || wanted.length === 0 ? {} : selectAttributes(decodeAttributes(row.attributes), wanted);
  const hasSelected = Object.keys(selected).length > 0;
  return {
    MessageId: row.message_id,
    ReceiptHandle: formatReceiptHandle({ messageSet, id: row.id, receiveCount }),
    MD5OfBody: row.body_md5,
    Body: row.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(hasSelected && { MD5OfMessageAttributes: attributesMd5(selected), MessageAttributes: selected }),
  };
}
