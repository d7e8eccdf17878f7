// Work on its own clock: points that have grown old are rolled up into coarser ones, and in the end deleted.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds, retention } from './limits.ts';
import { StatisticSet } from './statistic-set.ts';
import type { MetricStore, MetricWriter, Point, PointKey } from './store/metrics.ts';

export class Background {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(store: MetricStore, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#stopping = false;
    this.#cancelTimer = this.#clock.after(bounds.rollUpIntervalMs, () => {
      this.#running = this.rollUp()
        .catch((error) => this.#log.error({ err: error }, 'metrics could not be rolled up'))
        .then(() => {
          this.#running = undefined;
          if (!this.#stopping) this.start();
        });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  /** Brings every point to the resolution of its age. */
  async rollUp(): Promise<void> {
    const now = Math.floor(this.#clock.now() / 1000);
    for (const { resolution, keptFor, rolledUpInto } of retention) {
      // Whole coarse points at once: what is begun is finished.
      const step = rolledUpInto ?? resolution;
      const before = Math.floor((now - keptFor) / step) * step;
      await this.#repeat((writer) => rollUpSome(writer, resolution, before, rolledUpInto));
    }
    const forgotten = now - retention.at(-1)!.keptFor - retention.at(-1)!.resolution;
    await this.#repeat((writer) => forgetSome(writer, forgotten));
  }

  /** Repeats a transaction until it finds less than it may do at once. */
  async #repeat(work: (writer: MetricWriter) => Promise<number>): Promise<void> {
    let done: number;
    do {
      if (this.#stopping) return;
      done = await this.#store.write(work);
      await new Promise(setImmediate);
    } while (done === bounds.rollUpPoints);
  }
}

/** Resolves to how many points were rolled up, or deleted when there is nothing to roll them up into. */
async function rollUpSome(
  writer: MetricWriter,
  resolution: number,
  before: number,
  rolledUpInto: number | undefined,
): Promise<number> {
  const points = await writer.pointsBefore(resolution, before, bounds.rollUpPoints);
  if (rolledUpInto !== undefined) {
    for (const { key, set } of gathered(points, rolledUpInto)) {
      const sum = (await writer.point(key)) ?? new StatisticSet();
      sum.merge(set);
      await writer.putPoint(key, sum);
    }
  }
  for (const point of points) await writer.deletePoint(point);
  return points.length;
}

function gathered(points: readonly Point[], resolution: number): Iterable<{ key: PointKey; set: StatisticSet }> {
  const found = new Map<string, { key: PointKey; set: StatisticSet }>();
  for (const { metricId, time, unit, set } of points) {
    const key = { metricId, time: Math.floor(time / resolution) * resolution, resolution, unit };
    const name = `${metricId} ${key.time} ${unit}`;
    const entry = found.get(name);
    if (entry === undefined) found.set(name, { key, set });
    else entry.set.merge(set);
  }
  return found.values();
}

async function forgetSome(writer: MetricWriter, before: number): Promise<number> {
  const metrics = await writer.metricsBefore(before, bounds.rollUpPoints);
  for (const metricId of metrics) await writer.deleteMetric(metricId);
  return metrics.length;
}
