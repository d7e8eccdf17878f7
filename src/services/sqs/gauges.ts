// What stands in queues, for CloudWatch: of queues that were used lately, once in a while.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
import type { Clock } from '../../core/clock.ts';
import type { Queue, QueueKey } from './queue.ts';
import type { SqsMetric } from './sqs.ts';
import { countMessages, oldestSent, type Store } from './store/index.ts';

/** AWS tells of a queue as long as it was used within this time. */
const activeMs = 6 * 3_600_000;

export interface GaugesParts {
  store: Store;
  clock: Clock;
  onMetric(metric: SqsMetric): void;
}

export class QueueGauges {
  readonly #parts: GaugesParts;
  /** When each was used last, in monotonic milliseconds. */
  readonly #used = new Map<string, { key: QueueKey; at: number }>();

  constructor(parts: GaugesParts) {
    this.#parts = parts;
  }

  /** Notes that a queue is in use. */
  note({ arn, account, region, name }: Queue): void {
    const at = this.#parts.clock.monotonic();
    const known = this.#used.get(arn);
    if (known !== undefined) known.at = at;
    else this.#used.set(arn, { key: { account, region, name }, at });
  }

  /** Tells how much stands in each queue that is in use; queues that are not cost nothing. */
  async measure(): Promise<void> {
    const { store, clock } = this.#parts;
    for (const [arn, { key, at }] of this.#used) {
      const queue = await store.queues.find(key);
      if (queue === undefined || clock.monotonic() - at > activeMs) this.#used.delete(arn);
      else await this.#tell(queue);
    }
  }

  async #tell({ account, region, name, state, settings }: Queue): Promise<void> {
    const { store, clock, onMetric } = this.#parts;
    const now = clock.now();
    const sentAfter = now - settings.retentionMs;
    const counts = await countMessages(store.committed, state.messageSet, now, sentAfter);
    const oldest = await oldestSent(store.committed, state.messageSet, sentAfter);
    const tell = (metric: SqsMetric['metric'], value: number) =>
      onMetric({ account, region, queueName: name, metric, value });
    tell('ApproximateNumberOfMessagesVisible', counts.visible);
    tell('ApproximateNumberOfMessagesNotVisible', counts.in_flight);
    tell('ApproximateNumberOfMessagesDelayed', counts.delayed);
    tell('ApproximateAgeOfOldestMessage', oldest === undefined ? 0 : Math.floor((now - oldest) / 1000));
  }
}
