// Attributes of a queue: which can be set, to what, and how they are told.
import { parseArn } from '../../core/arn.ts';
import {
  invalidAttributeName,
  invalidAttributeValue,
  invalidParameter,
  invalidValue,
  unknownAttribute,
} from './errors.ts';
import { limits } from './limits.ts';
import { attributeDefaults, type Queue } from './queue.ts';
import type { Counts } from './store/index.ts';

export type AttributeMap = Record<string, string>;

/** Least and greatest values, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  VisibilityTimeout: [0, limits.visibilitySeconds],
  MaximumMessageSize: [1_024, limits.messageBytes],
  MessageRetentionPeriod: [60, 1_209_600],
  DelaySeconds: [0, limits.delaySeconds],
  ReceiveMessageWaitTimeSeconds: [0, limits.waitSeconds],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};

/** Attributes of FIFO queues only, and their values. */
const fifoChoices: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

/** Told, never set. */
const readOnly = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
] as const;

const settable = new Set([
  ...Object.keys(ranges),
  ...Object.keys(fifoChoices),
  'FifoQueue',
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
]);

const encryptions =
  'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.';

/**
 * The attributes of a queue after `changes`: validated, in one spelling, without those that an empty value removes.
 * `current` is empty for a queue that is being created. Throws InvalidAttributeName, InvalidAttributeValue and the like.
 */
export function changeAttributes(
  current: Readonly<AttributeMap>,
  changes: Readonly<AttributeMap>,
  fifo: boolean,
): AttributeMap {
  const next: AttributeMap = { ...current };
  for (const [name, value] of Object.entries(changes)) {
    const checked = checkAttribute(name, value, fifo);
    if (checked === '') delete next[name];
    else next[name] = checked;
  }
  const kms = changes['KmsMasterKeyId'] ?? '';
  if (kms !== '' && changes['SqsManagedSseEnabled'] === 'true') throw invalidAttributeName(encryptions);
  if (changes['SqsManagedSseEnabled'] === 'true' && next['KmsMasterKeyId'] !== undefined) {
    throw invalidAttributeName(encryptions);
  }
  // A key of KMS takes the place of SQS's own.
  if (kms !== '') delete next['SqsManagedSseEnabled'];
  if (next['FifoThroughputLimit'] === 'perMessageGroupId' && next['DeduplicationScope'] !== 'messageGroup') {
    throw invalidValue(
      'perMessageGroupId',
      'FifoThroughputLimit',
      'The value of FifoThroughputLimit can be set to perMessageGroupId only when the value of DeduplicationScope is set to messageGroup.',
    );
  }
  return next;
}

function checkAttribute(name: string, value: string, fifo: boolean): string {
  if (!settable.has(name)) throw unknownAttribute(name);
  const range = ranges[name];
  if (range !== undefined) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range[0] || number > range[1]) throw invalidAttributeValue(name);
    return String(number);
  }
  const choices = fifoChoices[name];
  if (choices !== undefined) {
    if (!fifo) throw unknownAttribute(name);
    if (!choices.includes(value)) throw invalidAttributeValue(name);
    return value;
  }
  switch (name) {
    case 'FifoQueue':
      if (!fifo) throw unknownAttribute(name);
      if (value !== 'true') throw invalidAttributeValue(name, 'Modifying queue type is not supported.');
      return value;
    case 'SqsManagedSseEnabled':
      if (value !== 'true' && value !== 'false') throw invalidAttributeValue(name);
      return value;
    case 'Policy':
      return checkPolicy(value);
    case 'RedriveAllowPolicy':
      return checkRedriveAllowPolicy(value);
    case 'RedrivePolicy':
      return checkRedrivePolicy(value);
    default:
      return value;
  }
}

function checkPolicy(value: string): string {
  if (value.trim() === '') return '';
  const policy = parseObject(value);
  if (policy === undefined) throw invalidAttributeValue('Policy');
  return value;
}

/** What dead letters need: `deadLetterTargetArn` and `maxReceiveCount`. Whether that queue exists is not judged here. */
function checkRedrivePolicy(value: string): string {
  if (value.trim() === '') return '';
  const policy = parseObject(value);
  if (policy === undefined) {
    throw invalidValue(value, 'RedrivePolicy', 'Redrive policy is not a valid JSON map.');
  }
  for (const member of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (policy[member] === undefined) {
      throw invalidValue(value, 'RedrivePolicy', `Redrive policy does not contain mandatory attribute: ${member}.`);
    }
  }
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = policy;
  const target = typeof arn === 'string' ? parseArn(arn) : undefined;
  if (target?.service !== 'sqs') {
    throw invalidValue(value, 'RedrivePolicy', 'Invalid value for deadLetterTargetArn.');
  }
  if (!/^\d+$/.test(String(count)) || Number(count) < 1 || Number(count) > limits.maxReceiveCount) {
    throw invalidValue(
      value,
      'RedrivePolicy',
      `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to ${limits.maxReceiveCount} both inclusive.`,
    );
  }
  return value;
}

function checkRedriveAllowPolicy(value: string): string {
  if (value.trim() === '') return '';
  const policy = parseObject(value);
  const refuse = (reason: string) => invalidValue(value, 'RedriveAllowPolicy', reason);
  if (policy === undefined) throw refuse('Redrive allow policy is not a valid JSON map.');
  const { redrivePermission: permission, sourceQueueArns: sources, ...others } = policy;
  if (Object.keys(others).length > 0)
    throw refuse("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.");
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue') {
    throw refuse(
      "Amazon SQS can't create the redrive allow policy. The redrivePermission must be allowAll, denyAll or byQueue.",
    );
  }
  if (permission !== 'byQueue') {
    if (sources !== undefined) {
      throw refuse(
        "Amazon SQS can't create the redrive allow policy. sourceQueueArns can be specified only when the redrivePermission is byQueue.",
      );
    }
    return value;
  }
  if (!Array.isArray(sources) || sources.length === 0) {
    throw refuse(
      "Amazon SQS can't create the redrive allow policy. At least one source queue ARN is required when the redrivePermission is byQueue.",
    );
  }
  if (sources.length > limits.redriveSourceQueues) {
    throw refuse(
      `Amazon SQS can't create the redrive allow policy. You can specify up to ${limits.redriveSourceQueues} source queue ARNs.`,
    );
  }
  if (!sources.every((arn) => typeof arn === 'string' && parseArn(arn)?.service === 'sqs')) {
    throw refuse("Amazon SQS can't create the redrive allow policy. Each sourceQueueArn must be the ARN of a queue.");
  }
  return value;
}

/** Whether the queue `source` (an ARN) may send its dead letters to `target`. */
export function allowsRedriveFrom(target: Queue, source: string): boolean {
  const policy = parseObject(target.state.attributes['RedriveAllowPolicy'] ?? '');
  if (policy?.['redrivePermission'] === 'denyAll') return false;
  return policy?.['redrivePermission'] !== 'byQueue' || (policy['sourceQueueArns'] as string[]).includes(source);
}

/** The first attribute that was asked for with another value than the queue has; undefined: the same queue. */
export function differingAttribute(queue: Queue, asked: Readonly<AttributeMap>): string | undefined {
  const told = tellSettings(queue);
  return Object.keys(asked).find((name) => asked[name] !== told[name]);
}

/** Names that GetQueueAttributes was asked for, `All` spelt out; throws InvalidAttributeName. */
export function requestedAttributes(names: readonly string[]): ReadonlySet<string> {
  const every = [...readOnly, ...settable];
  for (const name of names) if (name !== 'All' && !every.includes(name)) throw unknownAttribute(name);
  return new Set(names.includes('All') ? every : names);
}

export const countNames: readonly string[] = readOnly.filter((name) => name.startsWith('Approximate'));

/** Everything that GetQueueAttributes tells, by name; counts only where they are given. */
export function tellAttributes(queue: Queue, counts: Counts | undefined): AttributeMap {
  const { created, modified } = queue.state;
  return {
    QueueArn: queue.arn,
    ...(counts && {
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.in_flight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    }),
    CreatedTimestamp: String(Math.floor(created / 1000)),
    LastModifiedTimestamp: String(Math.floor(modified / 1000)),
    ...tellSettings(queue),
  };
}

function tellSettings({ state: { attributes }, fifo }: Queue): AttributeMap {
  const kms = attributes['KmsMasterKeyId'] !== undefined;
  return {
    ...attributeDefaults,
    SqsManagedSseEnabled: kms ? 'false' : 'true',
    ...(fifo && {
      FifoQueue: 'true',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
      ContentBasedDeduplication: 'false',
    }),
    ...(kms && { KmsDataKeyReusePeriodSeconds: '300' }),
    ...attributes,
  };
}

/** Throws what CreateQueue answers to a name that cannot be. */
export function validateQueueName(name: string, fifo: boolean): void {
  if (fifo) {
    if (!/^[A-Za-z0-9_-]+\.fifo$/.test(name) || name.length > 80) {
      throw invalidParameter(
        'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
      );
    }
  } else if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
