// Subscription filters at work: drawing up deliveries from the events that are being stored.
import { gzipSync } from 'node:zlib';
import { type FilterPattern, parseFilterPattern } from './filter-pattern/index.ts';
import { bounds } from './limits.ts';
import { formatPosition } from './log-event.ts';
import type { DeliveryDraft, Store, StoredBatch, Subscription } from './store/index.ts';

/** An event as destinations are given it. */
interface DeliveredEvent {
  id: string;
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
  extractedFields?: Record<string, string>;
}

interface Compiled extends Subscription {
  filter: FilterPattern;
  /** Only patterns of space-delimited fields send along what they extract. */
  extracts: boolean;
}

export class Subscriptions {
  readonly #store: Store;
  #ofGroup = new Map<number, Compiled[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads all filters anew; after any of them changed. */
  async reload(): Promise<void> {
    const ofGroup = new Map<number, Compiled[]>();
    for (const subscription of await this.#store.subscriptions.all()) {
      const compiled = {
        ...subscription,
        filter: parseFilterPattern(subscription.pattern),
        extracts: subscription.pattern.trim().startsWith('['),
      };
      ofGroup.set(subscription.groupId, [...(ofGroup.get(subscription.groupId) ?? []), compiled]);
    }
    this.#ofGroup = ofGroup;
  }

  /** What is to be delivered of a batch, for each filter of its group. */
  draft(batch: StoredBatch, now: number): DeliveryDraft[] {
    const drafts: DeliveryDraft[] = [];
    for (const subscription of this.#ofGroup.get(batch.groupId) ?? []) {
      for (const logEvents of portions(matching(batch, subscription))) {
        drafts.push({
          groupId: batch.groupId,
          subscription: subscription.name,
          account: batch.account,
          region: batch.region,
          destinationArn: subscription.destinationArn,
          created: now,
          payload: awslogsPayload({
            messageType: 'DATA_MESSAGE',
            owner: batch.account,
            logGroup: batch.group,
            logStream: batch.stream,
            subscriptionFilters: [subscription.name],
            logEvents,
          }),
        });
      }
    }
    return drafts;
  }
}

/** What a Lambda function receives before anything else, by which AWS checks that it can be reached. */
export function controlPayload(now: number): Uint8Array {
  return awslogsPayload({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [
      { id: '', timestamp: now, message: 'CWL CONTROL MESSAGE: Checking health of destination Lambda function.' },
    ],
  });
}

/** The event of a Lambda function: the record as gzipped JSON in base64. */
function awslogsPayload(record: object): Uint8Array {
  const data = gzipSync(JSON.stringify(record)).toString('base64');
  return Buffer.from(JSON.stringify({ awslogs: { data } }));
}

function* matching({ streamId, events }: StoredBatch, { filter, extracts }: Compiled): Generator<DeliveredEvent> {
  for (const [index, message] of events.messages.entries()) {
    const extracted = filter.match(message);
    if (extracted === undefined) continue;
    const timestamp = events.timestamps[index]!;
    const id = formatPosition({ timestamp, streamId, sequence: events.sequences[index]! });
    yield { id, timestamp, message, ...(extracts && { extractedFields: withoutDollar(extracted) }) };
  }
}

/** Extracted fields are delivered without the `$` that TestMetricFilter shows. */
function withoutDollar(extracted: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(extracted).map(([name, value]) => [name.replace(/^\$/, ''), value]));
}

function* portions(events: Iterable<DeliveredEvent>): Generator<DeliveredEvent[]> {
  let portion: DeliveredEvent[] = [];
  let length = 0;
  for (const event of events) {
    if (portion.length > 0 && length + event.message.length > bounds.deliveryLength) {
      yield portion;
      portion = [];
      length = 0;
    }
    portion.push(event);
    length += event.message.length;
  }
  if (portion.length > 0) yield portion;
}
