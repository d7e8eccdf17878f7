// Takes the actions of alarms, on its own clock, and writes into their history how that went.
import type { Clock } from '../../core/clock.ts';
import { AwsError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Unattended } from '../service.ts';
import { targetOf } from './alarm-action.ts';
import { actionItem } from './alarm-history.ts';
import { bounds } from './limits.ts';
import type { AlarmStore, PendingAction } from './store/alarms.ts';

export interface ActionRunnerParts {
  store: AlarmStore;
  callAs: Unattended;
  clock: Clock;
  log: Logger;
}

export class AlarmActionRunner {
  readonly #parts: ActionRunnerParts;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: ActionRunnerParts) {
    this.#parts = parts;
  }

  /** Also takes what a crash left undone. */
  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Waits for the actions under way; the others are taken at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  /** Looks for what is due. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    if (this.#running !== undefined) return;
    this.#running = this.#takeAllDue()
      .catch((error) => {
        this.#parts.log.error({ err: error }, 'actions of alarms could not be taken');
        this.#sleep(bounds.slowestActionRetryMs);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#again) this.wake();
      });
  }

  async #takeAllDue(): Promise<void> {
    const { store, clock } = this.#parts;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      for (;;) {
        const due = await store.dueActions(clock.now(), bounds.actionsAtOnce);
        if (due.length === 0 || this.#stopped) break;
        await Promise.all(due.map((action) => this.#take(action)));
      }
    }
    const next = await store.nextActionDue();
    if (next !== undefined) this.#sleep(Math.max(100, next - clock.now()));
  }

  async #take(action: PendingAction): Promise<void> {
    const { store, clock } = this.#parts;
    let error: string | undefined;
    try {
      await this.#call(action);
    } catch (thrown) {
      const now = clock.now();
      const due = now + Math.min(1_000 * 2 ** action.attempts, bounds.slowestActionRetryMs);
      if (isPassing(thrown) && due - action.transitioned < bounds.actionRetryMs) {
        await store.retryAction(action.id, action.attempts + 1, due);
        return;
      }
      error = thrown instanceof Error ? thrown.message : String(thrown);
      this.#parts.log.warn({ err: thrown, alarm: action.name, action: action.action }, 'an action of an alarm failed');
    }
    const published = error === undefined && targetOf(action.action).service === 'sns' ? action.message : null;
    await store.write(async (writer) => {
      await writer.addHistory(actionItem(action, published, clock.now(), error));
      await writer.deleteAction(action.id);
    });
  }

  async #call({ action, message }: PendingAction): Promise<void> {
    const { service, account, region } = targetOf(action);
    const call = this.#parts.callAs({ account, region });
    if (service === 'lambda') {
      await call('lambda', 'Invoke', {
        FunctionName: action,
        InvocationType: 'Event',
        Payload: Buffer.from(message),
      });
    } else {
      const { subject, message: text } = JSON.parse(message) as { subject: string; message: string };
      await call('sns', 'Publish', { TopicArn: action, Subject: subject, Message: text });
    }
  }

  #sleep(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#stopped ? undefined : this.#parts.clock.after(ms, () => this.wake());
  }
}

/** What may go better later: throttling, and faults of the service; a service that is not built is none. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  return error.status === 429 || (error.status >= 500 && error.status !== 501);
}
