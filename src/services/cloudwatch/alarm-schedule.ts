// When alarms are evaluated: one timer for all of them, ticking every ten seconds while there is any. alarm-evaluation.html
import type { Clock } from '../../core/clock.ts';
import type { AlarmKey, MetricAlarm } from './alarm.ts';
import { periodOf } from './alarm.ts';

/** High-resolution alarms are evaluated this often; everything else is a multiple of it. */
export const tickMs = 10_000;
/** How long after the end of a period its datapoints are read. */
const readDelayMs = 1_000;
const perMinute = 6;
const perHour = 360;

interface Entry {
  key: AlarmKey;
  /** Evaluated every so many ticks. */
  every: number;
  /** In those ticks whose number leaves this remainder. */
  phase: number;
}

/** Every how many ticks an alarm is evaluated. */
export function ticksBetween(alarm: MetricAlarm): number {
  const period = periodOf(alarm);
  if (period < 60) return 1;
  return period >= 3600 && period * alarm.evaluationPeriods > 86_400 ? perHour : perMinute;
}

export class AlarmSchedule {
  readonly #clock: Clock;
  readonly #evaluate: (due: AlarmKey[]) => Promise<void>;
  readonly #entries = new Map<string, Entry>();
  /** Entries by how often they are evaluated, then by phase. */
  readonly #slots = new Map<number, Set<Entry>[]>();
  #last: number;
  #running: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #stopped = true;

  constructor(clock: Clock, evaluate: (due: AlarmKey[]) => Promise<void>) {
    this.#clock = clock;
    this.#evaluate = evaluate;
    this.#last = this.#tick();
  }

  start(): void {
    this.#stopped = false;
    this.#last = this.#tick();
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#running;
  }

  /** Evaluates an alarm from the next tick on; whatever it was scheduled for before is forgotten. */
  set(alarm: MetricAlarm): void {
    const { account, region, name } = alarm;
    this.delete(alarm);
    const every = ticksBetween(alarm);
    const entry = { key: { account, region, name }, every, phase: (this.#tick() + 1) % every };
    this.#entries.set(nameOf(alarm), entry);
    this.#slot(entry).add(entry);
    this.#arm();
  }

  delete(key: AlarmKey): void {
    const entry = this.#entries.get(nameOf(key));
    if (entry === undefined) return;
    this.#entries.delete(nameOf(key));
    this.#slot(entry).delete(entry);
  }

  #slot({ every, phase }: Entry): Set<Entry> {
    let slots = this.#slots.get(every);
    if (slots === undefined) {
      slots = Array.from({ length: every }, () => new Set());
      this.#slots.set(every, slots);
    }
    return slots[phase]!;
  }

  #arm(): void {
    if (this.#stopped || this.#cancelTimer !== undefined || this.#running !== undefined) return;
    if (this.#entries.size === 0) return;
    const next = (this.#tick() + 1) * tickMs + readDelayMs;
    this.#cancelTimer = this.#clock.after(next - this.#clock.now(), () => {
      this.#cancelTimer = undefined;
      this.#running = this.#evaluate(this.#due()).finally(() => {
        this.#running = undefined;
        this.#arm();
      });
    });
  }

  /** What became due since it was asked last; a tick that was slept through is made up for once. */
  #due(): AlarmKey[] {
    const tick = this.#tick();
    const due: AlarmKey[] = [];
    for (const [every, slots] of this.#slots) {
      const ticks = Math.min(Math.max(tick - this.#last, 1), every);
      for (let back = 0; back < ticks; back++) {
        for (const { key } of slots[(tick - back + every) % every]!) due.push(key);
      }
    }
    this.#last = tick;
    return due;
  }

  #tick(): number {
    return Math.floor(this.#clock.now() / tickMs);
  }
}

function nameOf({ account, region, name }: AlarmKey): string {
  return `${account}/${region}/${name}`;
}
