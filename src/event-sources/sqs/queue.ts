// The calls of a poller to its queue, as the function's execution role.
import { parseArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import type { ServiceCall } from '../../services/service.ts';
import type { PolledMapping, PollerParts } from '../event-source.ts';
import type { Message } from './record.ts';

const maxBatchEntries = 10;

export class Queue {
  readonly #parts: PollerParts;
  readonly #arn: string;
  #url: string | undefined;
  #visibilityMs: number | undefined;

  constructor(arn: string, parts: PollerParts) {
    this.#arn = arn;
    this.#parts = parts;
  }

  /** Throws SQS's errors. Ends early, with what there is, when `signal` aborts. */
  async receive(
    as: PolledMapping,
    role: string,
    options: { count: number; waitSeconds: number; signal: AbortSignal },
  ): Promise<Message[]> {
    if (options.signal.aborted) return [];
    const call = this.#call(as, role, options.signal);
    try {
      const { Messages } = await call('sqs', 'ReceiveMessage', {
        QueueUrl: await this.#find(call),
        MaxNumberOfMessages: options.count,
        WaitTimeSeconds: options.waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return Messages ?? [];
    } catch (error) {
      // A queue of the same name may be made anew.
      this.#url = undefined;
      if (options.signal.aborted && !(error instanceof AwsError)) return [];
      throw error;
    }
  }

  /** Resolves to how many are gone; the others come again. Never rejects. */
  async delete(as: PolledMapping, role: string, receiptHandles: readonly string[]): Promise<number> {
    const call = this.#call(as, role);
    const parts: string[][] = [];
    for (let at = 0; at < receiptHandles.length; at += maxBatchEntries) {
      parts.push(receiptHandles.slice(at, at + maxBatchEntries));
    }
    const counts = await Promise.all(
      parts.map(async (part) => {
        try {
          const { Failed } = await call('sqs', 'DeleteMessageBatch', {
            QueueUrl: await this.#find(call),
            Entries: part.map((ReceiptHandle, index) => ({ Id: `${index}`, ReceiptHandle })),
          });
          return part.length - (Failed?.length ?? 0);
        } catch (error) {
          this.#parts.log.warn({ err: error, mapping: as.uuid }, 'messages that were processed could not be deleted');
          return 0;
        }
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** How long a message stays hidden once it was received. Asked for once, since a poller needs it only in trouble. */
  async visibilityMs(as: PolledMapping, role: string): Promise<number> {
    if (this.#visibilityMs === undefined) {
      const call = this.#call(as, role);
      const { Attributes } = await call('sqs', 'GetQueueAttributes', {
        QueueUrl: await this.#find(call),
        AttributeNames: ['VisibilityTimeout'],
      });
      this.#visibilityMs = Number(Attributes?.['VisibilityTimeout'] ?? 30) * 1_000;
      this.#parts.clock.after(60_000, () => {
        this.#visibilityMs = undefined;
      });
    }
    return this.#visibilityMs;
  }

  #call({ account, region }: PolledMapping, role: string, signal?: AbortSignal): ServiceCall {
    return this.#parts.call({ account, region, arn: role, ...(signal === undefined ? {} : { signal }) });
  }

  async #find(call: ServiceCall): Promise<string> {
    if (this.#url === undefined) {
      const { account, resource } = parseArn(this.#arn)!;
      const found = await call('sqs', 'GetQueueUrl', { QueueName: resource, QueueOwnerAWSAccountId: account });
      this.#url = found.QueueUrl!;
    }
    return this.#url;
  }
}
