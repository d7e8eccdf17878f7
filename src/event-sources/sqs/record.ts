// A message as it appears in the event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html.
import type { OperationsOf } from '../../contracts/index.ts';

export type Message = NonNullable<OperationsOf<'sqs'>['ReceiveMessage']['output']['Messages']>[number];

/** In AWS's order; what SQS adds beside these comes behind them. */
const attributeOrder = [
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'SentTimestamp',
  'SequenceNumber',
  'MessageGroupId',
  'SenderId',
  'MessageDeduplicationId',
  'ApproximateFirstReceiveTimestamp',
];

export interface RecordOrigin {
  /** ARN of the queue. */
  arn: string;
  region: string;
  /** Mappings with a batching window say `"md5OfMessageAttributes": null` of a message without attributes, others nothing. */
  tellsNoDigest: boolean;
}

export type QueueRecord = ReturnType<typeof toRecord>;

export function toRecord(message: Message, { arn, region, tellsNoDigest }: RecordOrigin) {
  const digest = message.MD5OfMessageAttributes ?? (tellsNoDigest ? null : undefined);
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: inOrder(message.Attributes ?? {}),
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    md5OfBody: message.MD5OfBody!,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}

function toAttribute(value: NonNullable<Message['MessageAttributes']>[string]) {
  return {
    ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
    ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType!,
  };
}

function inOrder(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const ordered: Record<string, string> = {};
  for (const name of [...attributeOrder, ...Object.keys(attributes)]) {
    const value = attributes[name];
    if (value !== undefined) ordered[name] = value;
  }
  return ordered;
}
