// The alarms of CloudWatch at work: they are evaluated, enter states, hold back and take actions, and forget their history.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Unattended } from '../service.ts';
import { type Alarm, type AlarmKey, initialReason, type MetricAlarm, periodOf } from './alarm.ts';
import { AlarmActionRunner } from './alarm-action-runner.ts';
import { type Datapoint, type Evaluation, evaluate, fewestSamplesOf } from './alarm-evaluation.ts';
import { stateReason, stateReasonData } from './alarm-reason.ts';
import { AlarmSchedule, tickMs } from './alarm-schedule.ts';
import { Transition } from './alarm-transition.ts';
import { bounds, limits } from './limits.ts';
import { AlarmStore, type AlarmWriter } from './store/alarms.ts';

export interface AlarmsParts {
  database: Database;
  clock: Clock;
  log: Logger;
  /** How functions and topics are reached. */
  callAs: Unattended;
  /** The evaluation range of an alarm as it is at a time. */
  readSeries(alarm: MetricAlarm, now: number): Promise<Datapoint[]>;
}

export class Alarms {
  readonly store: AlarmStore;
  readonly #parts: AlarmsParts;
  readonly #schedule: AlarmSchedule;
  readonly #runner: AlarmActionRunner;
  #cancelRelease: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;
  #stopped = true;

  private constructor(parts: AlarmsParts, store: AlarmStore) {
    this.store = store;
    this.#parts = parts;
    this.#schedule = new AlarmSchedule(parts.clock, (due) => this.#evaluateAll(due));
    this.#runner = new AlarmActionRunner({ ...parts, store });
  }

  static async open(parts: AlarmsParts): Promise<Alarms> {
    return new Alarms(parts, await AlarmStore.open(parts.database));
  }

  async start(): Promise<void> {
    this.#stopped = false;
    await this.store.each((alarm) => this.watch(alarm));
    this.#schedule.start();
    this.#runner.start();
    await this.#armRelease();
    this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRelease?.();
    this.#cancelSweep?.();
    await this.#schedule.stop();
    await this.#runner.stop();
  }

  /** Has a metric alarm evaluated from now on, as it is configured by now. */
  watch(alarm: Alarm): void {
    if (alarm.type === 'MetricAlarm') this.#schedule.set(alarm);
  }

  forget(key: AlarmKey): void {
    this.#schedule.delete(key);
  }

  /** Changes alarms in one transaction, and sees to what follows: actions that are due, or will be. */
  async change<T>(work: (writer: AlarmWriter, transition: Transition) => Promise<T>): Promise<T> {
    const now = this.#parts.clock.now();
    const result = await this.store.write((writer) => work(writer, new Transition(writer, now)));
    this.#runner.wake();
    await this.#armRelease();
    return result;
  }

  async #evaluateAll(due: readonly AlarmKey[]): Promise<void> {
    for (const key of due) {
      if (this.#stopped) return;
      try {
        await this.#evaluate(key);
      } catch (error) {
        this.#parts.log.error({ err: error, alarm: key.name }, 'an alarm could not be evaluated');
      }
      await new Promise(setImmediate);
    }
  }

  async #evaluate(key: AlarmKey): Promise<void> {
    const alarm = await this.store.get(key);
    if (alarm?.type !== 'MetricAlarm') return;
    const now = this.#parts.clock.now();
    const evaluation = evaluate(await this.#parts.readSeries(alarm, now), ruleOf(alarm));
    const { state } = evaluation;
    const unchecked = alarm.state.reason === initialReason;
    if (state === undefined || (state === alarm.state.value && !unchecked)) return;
    if (unchecked && isTooEarly(alarm, evaluation, now)) return;
    const reason = stateReason(alarm, state, evaluation);
    const reasonData = stateReasonData(alarm, evaluation.evaluated, now);
    await this.change(async (writer, transition) => {
      const current = await writer.get(key);
      // Whatever it was given meanwhile is evaluated at its own time.
      if (current?.id === alarm.id && current.state.updated === alarm.state.updated) {
        await transition.enter(current, state, reason, reasonData);
      }
    });
  }

  /** Releases what was held back for long enough, and waits for what is held back longer. */
  async #armRelease(): Promise<void> {
    const until = await this.store.nextHeldUntil();
    this.#cancelRelease?.();
    this.#cancelRelease = undefined;
    if (until === undefined || this.#stopped) return;
    const { clock, log } = this.#parts;
    this.#cancelRelease = clock.after(Math.max(0, until - clock.now()), () => {
      this.#release().catch((error) => log.error({ err: error }, 'actions of composite alarms could not be released'));
    });
  }

  async #release(): Promise<void> {
    const now = this.#parts.clock.now();
    for (const key of await this.store.heldUntil(now)) {
      await this.change(async (writer, transition) => {
        const alarm = await writer.get(key);
        if (alarm?.type !== 'CompositeAlarm' || (alarm.suppressed?.until ?? now + 1) > now) return;
        await transition.release(alarm);
      });
    }
    await this.#armRelease();
  }

  #sweep(): void {
    const { clock, log } = this.#parts;
    this.store
      .deleteHistoryBefore(clock.now() - limits.historyKeptMs)
      .catch((error) => log.error({ err: error }, 'the history of alarms could not be swept'));
    this.#cancelSweep = clock.after(bounds.historySweepMs, () => this.#sweep());
  }
}

function ruleOf(alarm: MetricAlarm) {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, metric, treatMissingData } = alarm;
  const ignoresFew = alarm.lowSampleCount === 'ignore' && metric !== undefined;
  // Metrics of DynamoDB are only there while a table is used.
  const untreated = metric?.namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing';
  return {
    comparison,
    threshold,
    evaluationPeriods,
    datapointsToAlarm,
    missingData: treatMissingData ?? untreated,
    fewestSamples: ignoresFew ? fewestSamplesOf(metric.statistic) : undefined,
  } as const;
}

/** A new alarm is given a period before it is told that nothing is measured. */
function isTooEarly(alarm: MetricAlarm, { evaluated }: Evaluation, now: number): boolean {
  const measured = evaluated.some(({ value }) => value !== undefined);
  return !measured && now < alarm.configured + Math.min(periodOf(alarm), 60) * 1000 + tickMs;
}
