// A queue as the operations see it: its row, taken apart once.
import { formatArn } from '../../core/arn.ts';

/** A queue's name within all of Lambent. */
export interface QueueKey {
  /** Twelve digits. */
  account: string;
  region: string;
  name: string;
}

/** What the attributes of a queue come to, in milliseconds and bytes. */
export interface QueueSettings {
  visibilityMs: number;
  delayMs: number;
  waitMs: number;
  retentionMs: number;
  maxBytes: number;
  contentBasedDeduplication: boolean;
  deduplicatesByGroup: boolean;
  deadLetters: { arn: string; maxReceiveCount: number } | undefined;
}

export interface QueueState {
  /** Number of the set that its messages belong to; a purge gives it another. */
  messageSet: number;
  /** Epoch milliseconds. */
  created: number;
  modified: number;
  purged: number | undefined;
  /** Attributes that were set, by name; those at their default are absent. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

export class Queue implements QueueKey {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** Set as soon as a transaction that deletes it runs: what comes behind must not write to it. */
  deleted = false;
  state: QueueState;
  settings: QueueSettings;

  constructor(key: QueueKey, state: QueueState) {
    this.account = key.account;
    this.region = key.region;
    this.name = key.name;
    this.arn = queueArn(key);
    this.fifo = key.name.endsWith('.fifo');
    this.state = state;
    this.settings = settingsOf(state.attributes);
  }

  /** Takes on what was stored. */
  become(state: QueueState): void {
    this.state = state;
    this.settings = settingsOf(state.attributes);
  }
}

export function queueArn({ account, region, name }: QueueKey): string {
  return formatArn('sqs', region, account, name);
}

/** Defaults of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html. */
export const attributeDefaults: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
};

function settingsOf(attributes: Readonly<Record<string, string>>): QueueSettings {
  const number = (name: string) => Number(attributes[name] ?? attributeDefaults[name]);
  const redrive = attributes['RedrivePolicy'];
  return {
    visibilityMs: number('VisibilityTimeout') * 1000,
    delayMs: number('DelaySeconds') * 1000,
    waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
    retentionMs: number('MessageRetentionPeriod') * 1000,
    maxBytes: number('MaximumMessageSize'),
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicatesByGroup: attributes['DeduplicationScope'] === 'messageGroup',
    deadLetters: redrive === undefined ? undefined : deadLettersOf(redrive),
  };
}

/** Of a RedrivePolicy that was found valid when it was set. */
function deadLettersOf(policy: string) {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  return { arn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
}
