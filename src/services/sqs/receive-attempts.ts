// ReceiveRequestAttemptId: what a FIFO queue answered, for a client that asks again since the answer did not reach it.
import type { Clock } from '../../core/clock.ts';
import { bounds, limits } from './limits.ts';
import type { Receipt } from './receipt-handle.ts';

export class ReceiveAttempts {
  readonly #clock: Clock;
  /** In the order in which they were made. */
  readonly #answers = new Map<string, { at: number; receipts: readonly Receipt[] }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was received under this id within the last five minutes. */
  find(messageSet: number, attemptId: string): readonly Receipt[] | undefined {
    this.#forgetOld();
    return this.#answers.get(`${messageSet} ${attemptId}`)?.receipts;
  }

  remember(messageSet: number, attemptId: string, receipts: readonly Receipt[]): void {
    const key = `${messageSet} ${attemptId}`;
    this.#answers.delete(key);
    this.#answers.set(key, { at: this.#clock.now(), receipts });
  }

  #forgetOld(): void {
    const before = this.#clock.now() - limits.receiveAttemptMs;
    for (const [key, { at }] of this.#answers) {
      if (at > before && this.#answers.size <= bounds.receiveAttempts) return;
      this.#answers.delete(key);
    }
  }
}
