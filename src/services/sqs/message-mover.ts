// Runs message move tasks: each at its rate, and on from where it was after a restart.
import type { Logger } from '../../core/logger.ts';
import type { Queries } from '../../storage/index.ts';
import { bounds } from './limits.ts';
import type { Queue } from './queue.ts';
import { queueKeyOfArn, type Sqs } from './sqs.ts';
import {
  addToGroup,
  findMoveTask,
  type MoveTask,
  messagesToMove,
  moveAsNew,
  refreshGroup,
  runningMoveTasks,
  updateMoveTask,
} from './store/index.ts';

/** A task with a rate moves this often at most. */
const tickMs = 100;
/** After a fault of the store, such as a full disk. */
const retryMs = 5_000;

/** Ends a task; `failure` is what ListMessageMoveTasks tells. */
class MoveFailure extends Error {
  readonly failure: string;

  constructor(failure: string) {
    super(failure);
    this.failure = failure;
  }
}

export class MessageMover {
  readonly #sqs: Sqs;
  readonly #log: Logger;
  readonly #timers = new Map<string, () => void>();
  readonly #steps = new Set<Promise<void>>();
  #stopping = false;

  constructor(sqs: Sqs, log: Logger) {
    this.#sqs = sqs;
    this.#log = log;
  }

  /** Goes on with the tasks that were running when the server ended. */
  async start(): Promise<void> {
    for (const task of await runningMoveTasks(this.#sqs.store.committed)) this.run(task);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const cancel of this.#timers.values()) cancel();
    await Promise.all(this.#steps);
  }

  /** Begins with a task, or goes on with it. */
  run({ id, rate }: Pick<MoveTask, 'id' | 'rate'>, afterMs = 0): void {
    if (this.#stopping) return;
    const intervalMs = rate === null ? 0 : Math.max(tickMs, 1000 / rate);
    const count = rate === null ? bounds.moveBatch : Math.max(1, Math.round((rate * intervalMs) / 1000));
    const cancel = this.#sqs.clock.after(Math.max(intervalMs, afterMs), () => {
      this.#timers.delete(id);
      const step = this.#step(id, count)
        .then((goesOn) => {
          if (goesOn) this.run({ id, rate });
        })
        .catch((error) => {
          this.#log.error({ err: error, task: id }, 'moving messages failed and is tried again');
          this.run({ id, rate }, retryMs);
        })
        .finally(() => this.#steps.delete(step));
      this.#steps.add(step);
    });
    this.#timers.set(id, cancel);
  }

  /** Moves some messages; false when the task has ended. */
  async #step(id: string, count: number): Promise<boolean> {
    const { store, waiting } = this.#sqs;
    await store.numbers.stocked();
    const arrived = new Map<Queue, number>();
    const goesOn = await store.transaction(async (queries) => {
      const task = await findMoveTask(queries, id);
      if (task === undefined || task.status !== 'RUNNING') return false;
      try {
        const moved = await this.#move(queries, task, count, arrived);
        const done = moved < count;
        const status = done ? 'COMPLETED' : 'RUNNING';
        await updateMoveTask(queries, { id, moved: task.moved + moved, status, failure: null });
        return !done;
      } catch (error) {
        if (!(error instanceof MoveFailure)) throw error;
        const moved = task.moved + [...arrived.values()].reduce((sum, each) => sum + each, 0);
        await updateMoveTask(queries, { id, moved, status: 'FAILED', failure: error.failure });
        return false;
      }
    });
    for (const [queue, messages] of arrived) waiting.wake(queue.arn, messages);
    return goesOn;
  }

  /** How many messages went to their destinations; what arrived is counted there, also when a later one fails. */
  async #move(queries: Queries, task: MoveTask, count: number, arrived: Map<Queue, number>): Promise<number> {
    const { store, clock, ids } = this.#sqs;
    const source = await this.#queueOf(queries, task.source_arn);
    const fixed = task.destination_arn === null ? undefined : await this.#queueOf(queries, task.destination_arn);
    const { messageSet } = source.state;
    const now = clock.now();
    const rows = await messagesToMove(queries, messageSet, task.last_position, now, count, source.fifo);
    const groups = new Set<string>();
    try {
      for (const { id, fifo_group: group, source_arn: origin } of rows) {
        if (fixed === undefined && origin === null) throw new MoveFailure('CouldNotDetermineMessageSource');
        const to = fixed ?? (await this.#queueOf(queries, origin!));
        const fifoGroup = to.fifo ? group : null;
        const position = store.numbers.next();
        const visibleAt = now + to.settings.delayMs;
        const at = { messageSet: to.state.messageSet, position, fifoGroup, sent: now, visibleAt };
        await moveAsNew(queries, id, at, ids.uuid());
        if (fifoGroup !== null) await addToGroup(queries, at.messageSet, fifoGroup, visibleAt);
        if (group !== null) groups.add(group);
        arrived.set(to, (arrived.get(to) ?? 0) + 1);
      }
    } finally {
      for (const group of groups) await refreshGroup(queries, messageSet, group);
    }
    return rows.length;
  }

  async #queueOf(queries: Queries, arn: string): Promise<Queue> {
    const key = queueKeyOfArn(arn);
    const queue = key && (await this.#sqs.store.queues.find(key, queries));
    if (queue === undefined) throw new MoveFailure('AWS.SimpleQueueService.NonExistentQueue');
    return queue;
  }
}
