// Takes deliveries to their destinations, on its own clock, until each was taken or a day has passed.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds, limits } from './limits.ts';
import type { Delivery, Store } from './store/index.ts';

/** An asynchronous invocation of a Lambda function on behalf of CloudWatch Logs. Rejects when it was not taken. */
export type InvokeFunction = (invocation: {
  /** Of the log group, which are the function's too. */
  account: string;
  region: string;
  functionArn: string;
  /** JSON. */
  payload: Uint8Array;
}) => Promise<void>;

export class Deliverer {
  readonly #store: Store;
  readonly #invoke: InvokeFunction;
  readonly #clock: Clock;
  readonly #log: Logger;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #cancelTimer: (() => void) | undefined;

  constructor(store: Store, invoke: InvokeFunction, clock: Clock, log: Logger) {
    this.#store = store;
    this.#invoke = invoke;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Waits for the deliveries under way; the others are taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  /** Looks for what is due. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#deliverAllDue()
      .then(() => this.#rest())
      .catch((error) => {
        this.#log.error({ err: error }, 'subscription filters could not deliver');
        this.#sleep(bounds.slowestRetryMs);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#again) this.wake();
      });
  }

  async #deliverAllDue(): Promise<void> {
    do {
      this.#again = false;
      for (;;) {
        const due = await this.#store.deliveries.due(this.#clock.now(), bounds.deliveriesAtOnce);
        if (due.length === 0 || this.#stopped) break;
        await Promise.all(due.map((delivery) => this.#deliver(delivery)));
      }
    } while (this.#again && !this.#stopped);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { id, account, region, destinationArn, payload, attempts, created } = delivery;
    try {
      await this.#invoke({ account, region, functionArn: destinationArn, payload });
    } catch (error) {
      const now = this.#clock.now();
      const due = now + Math.min(1_000 * 2 ** attempts, bounds.slowestRetryMs);
      if (due - created < limits.deliveryRetryMs) {
        await this.#store.deliveries.retry(id, attempts + 1, due);
        return;
      }
      this.#log.warn(
        { err: error, destinationArn, subscription: delivery.subscription },
        'a subscription gave up a delivery',
      );
    }
    await this.#store.deliveries.delete(id);
  }

  /** Sleeps until the next retry. */
  async #rest(): Promise<void> {
    const due = await this.#store.deliveries.nextDue();
    if (due !== undefined) this.#sleep(Math.max(100, due - this.#clock.now()));
  }

  #sleep(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#stopped ? undefined : this.#clock.after(ms, () => this.wake());
  }
}
