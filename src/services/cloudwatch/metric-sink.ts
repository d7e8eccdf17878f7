// Takes in measurements: gathered in memory as one statistic set per metric, unit and minute, flushed in few transactions.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Dimensions, MetricSink } from '../../core/metric-sink.ts';
import { bounds, limits } from './limits.ts';
import { inOrder, type MetricName } from './metric.ts';
import { StatisticSet } from './statistic-set.ts';
import type { MetricStore, MetricWriter, PointKey } from './store/metrics.ts';

/** What a metric has measured since the server's start. */
export interface MetricTotal extends MetricName {
  unit: string;
  count: number;
  sum: number;
  /** The latest value, for gauges, and the minute that it is of (epoch seconds). */
  last: number;
  lastTime: number;
}

/** One metric in one unit and resolution. */
interface Series extends MetricName {
  unit: string;
  /** Seconds: 60, or 1. */
  resolution: number;
  metricId: number | undefined;
  /** Epoch seconds of the latest point that the store knows of. */
  touched: number;
  /** The set that the latest value went to, and where in time it is (epoch seconds). */
  current: OpenSet;
  /** Sets with other times that are not stored yet. */
  others: OpenSet[];
  dirty: boolean;
  /** Monotonic milliseconds. */
  lastUsed: number;
  count: number;
  sum: number;
  last: number;
}

interface OpenSet {
  time: number;
  set: StatisticSet;
  dirty: boolean;
  /** True once the set holds all that is stored of its time: this process alone writes, so it may just overwrite. */
  whole: boolean;
}

/** By name, step by step: looking up strings that are at hand costs less than making one key. */
interface Node {
  steps: Map<string, Node>;
  /** By unit. */
  series: Map<string, Series>;
  /** Of high resolution, by unit. */
  fine: Map<string, Series>;
}

const newNode = (): Node => ({ steps: new Map(), series: new Map(), fine: new Map() });

export class BufferedMetricSink implements MetricSink {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #root = newNode();
  #dirty: Series[] = [];
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> | undefined;
  #pauseMs: number = bounds.flushIntervalMs;
  #lastEviction: number;

  constructor(store: MetricStore, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#lastEviction = clock.monotonic();
  }

  add(
    account: string,
    region: string,
    namespace: string,
    metricName: string,
    dimensions: Dimensions,
    unit: string,
    value: number,
    epochMs: number,
  ): void {
    const series = this.#find(account, region, namespace, metricName, dimensions, unit, 60);
    const time = Math.floor(epochMs / 60_000) * 60;
    const { current } = series;
    const open = current.dirty && current.time === time ? current : this.#turnTo(series, time);
    open.set.add(value);
    series.count++;
    series.sum += value;
    series.last = value;
    this.#mark(series, open);
  }

  /** Takes in a whole set of values of one moment (epoch milliseconds); resolution in seconds, 60 or 1. */
  addSet(metric: MetricName, unit: string, storageResolution: number, set: StatisticSet, epochMs: number): void {
    const { account, region, namespace, name, dimensions } = metric;
    // What is too old to be kept by the second goes where it would be by now.
    const resolution = this.#clock.now() - epochMs < limits.highResolutionMs ? storageResolution : 60;
    const series = this.#find(account, region, namespace, name, dimensions, unit, resolution);
    const time = Math.floor(epochMs / 1000 / resolution) * resolution;
    const { current } = series;
    const open = current.dirty && current.time === time ? current : this.#turnTo(series, time);
    open.set.merge(set);
    series.count += set.sampleCount;
    series.sum += set.sum;
    series.last = set.maximum;
    this.#mark(series, open);
  }

  /** Resolves when everything taken in so far is stored; rejects when it could not be, and keeps it for the next try. */
  flush(): Promise<void> {
    return this.#flushAlone(async () => {
      if (this.#dirty.length > 0) await this.#flushAll();
    });
  }

  /** As `flush`, of these metrics only: what one reader or writer waits for does not grow with what others measure. */
  flushMetrics(metrics: Iterable<MetricName>): Promise<void> {
    return this.#flushAlone(async () => {
      const dirty = new Set<Series>();
      for (const metric of metrics) for (const series of this.#known(metric)) if (series.dirty) dirty.add(series);
      if (dirty.size > 0) await this.#flushSeries([...dirty]);
    });
  }

  /** A flush under way may have passed the latest values by; it is awaited, then another one takes those. */
  async #flushAlone(work: () => Promise<void>): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing.catch(() => {});
    this.#flushing = work().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /** What the metrics of a namespace have measured since the server's start. */
  totals(namespaces: ReadonlySet<string>): MetricTotal[] {
    const found = new Set<Series>();
    for (const regions of this.#root.steps.values()) {
      for (const names of regions.steps.values()) {
        for (const [namespace, node] of names.steps) {
          if (namespaces.has(namespace)) for (const series of seriesOf(node)) found.add(series);
        }
      }
    }
    return [...found].map((series) => ({ ...series, lastTime: series.current.time }));
  }

  /** Stores what is left and takes no more timers. */
  async stop(): Promise<void> {
    this.#cancelTimer?.();
    await this.flush();
    this.#cancelTimer?.();
  }

  #find(
    account: string,
    region: string,
    namespace: string,
    name: string,
    dimensions: Dimensions,
    unit: string,
    resolution: number,
  ): Series {
    let node = step(step(step(step(this.#root, account), region), namespace), name);
    for (const dimension of dimensions) node = step(step(node, dimension[0]), dimension[1]);
    const byUnit = resolution === 1 ? node.fine : node.series;
    let series = byUnit.get(unit);
    if (series === undefined) {
      const ordered = inOrder(dimensions);
      // Every order of the same dimensions leads to one series.
      series =
        ordered === dimensions
          ? newSeries({ account, region, namespace, name, dimensions }, unit, resolution)
          : this.#find(account, region, namespace, name, ordered, unit, resolution);
      byUnit.set(unit, series);
    }
    return series;
  }

  /** The series of a metric, in every unit and resolution. */
  #known({ account, region, namespace, name, dimensions }: MetricName): Series[] {
    let node: Node | undefined = this.#root;
    for (const key of [account, region, namespace, name, ...inOrder(dimensions).flat()]) node = node?.steps.get(key);
    return node === undefined ? [] : [...node.series.values(), ...node.fine.values()];
  }

  /** Makes the set of another time the current one. */
  #turnTo(series: Series, time: number): OpenSet {
    const { current } = series;
    if (current.time === time) {
      // What is stored of long ago may have been rolled up since.
      if (current.whole && this.#isOld(time)) series.current = openSet(time);
      return series.current;
    }
    const index = series.others.findIndex((open) => open.time === time);
    const found = index === -1 ? openSet(time) : series.others.splice(index, 1)[0]!;
    if (current.dirty) series.others.push(current);
    series.current = found;
    return found;
  }

  #isOld(time: number): boolean {
    return time < this.#clock.now() / 1000 - bounds.recentSeconds;
  }

  #mark(series: Series, open: OpenSet): void {
    open.dirty = true;
    if (!series.dirty) this.#markSeries(series);
  }

  #markSeries(series: Series): void {
    if (series.dirty) return;
    series.dirty = true;
    this.#dirty.push(series);
    if (this.#cancelTimer === undefined) this.#startTimer();
  }

  #startTimer(): void {
    this.#cancelTimer = this.#clock.after(this.#pauseMs, () => {
      this.#cancelTimer = undefined;
      this.flush().catch((error) => {
        this.#log.error({ err: error }, 'metrics could not be stored and are kept in memory');
      });
    });
  }

  async #flushAll(): Promise<void> {
    const began = this.#clock.monotonic();
    const dirty = this.#dirty;
    this.#dirty = [];
    await this.#flushSeries(dirty);
    const now = this.#clock.monotonic();
    this.#pauseMs = Math.max(bounds.flushIntervalMs, bounds.flushPauseFactor * (now - began));
    this.#evictIdle(now);
  }

  async #flushSeries(dirty: Series[]): Promise<void> {
    const now = this.#clock.monotonic();
    // What comes in from here on marks its series anew.
    for (const series of dirty) {
      series.dirty = false;
      series.lastUsed = now;
    }
    for (let start = 0; start < dirty.length; start += bounds.seriesPerTransaction) {
      if (start > 0) await new Promise(setImmediate);
      try {
        await this.#flushBatch(dirty.slice(start, start + bounds.seriesPerTransaction));
      } catch (error) {
        for (const series of dirty.slice(start)) this.#markSeries(series);
        throw error;
      }
    }
  }

  async #flushBatch(batch: Series[]): Promise<void> {
    const isOld = (time: number) => this.#isOld(time);
    const undo: (() => void)[] = [];
    try {
      await this.#store.write(async (writer) => {
        for (const series of batch) await writeSeries(writer, series, isOld, undo);
      });
    } catch (error) {
      for (const step of undo) step();
      throw error;
    }
    for (const series of batch) series.others = series.others.filter((open) => open.dirty);
  }

  /** Forgets series that were silent for long, Lambent's own only after days, since their totals are told. */
  #evictIdle(now: number): void {
    if (now - this.#lastEviction < bounds.idleSeriesMs) return;
    this.#lastEviction = now;
    const idle = ({ dirty, namespace, lastUsed }: Series) =>
      !dirty && now - lastUsed >= (namespace.startsWith('AWS/') ? bounds.idleTotalMs : bounds.idleSeriesMs);
    const evict = (node: Node) => {
      for (const [key, next] of node.steps) if (evict(next)) node.steps.delete(key);
      for (const byUnit of [node.series, node.fine]) {
        for (const [unit, series] of byUnit) if (idle(series)) byUnit.delete(unit);
      }
      return node.steps.size === 0 && node.series.size === 0 && node.fine.size === 0;
    };
    evict(this.#root);
  }
}

function step(node: Node, key: string): Node {
  let next = node.steps.get(key);
  if (next === undefined) {
    next = newNode();
    node.steps.set(key, next);
  }
  return next;
}

function newSeries(metric: MetricName, unit: string, resolution: number): Series {
  return {
    ...metric,
    unit,
    resolution,
    metricId: undefined,
    touched: Number.NEGATIVE_INFINITY,
    current: openSet(Number.NaN),
    others: [],
    dirty: false,
    lastUsed: 0,
    count: 0,
    sum: 0,
    last: 0,
  };
}

function openSet(time: number): OpenSet {
  return { time, set: new StatisticSet(), dirty: false, whole: false };
}

function* seriesOf(node: Node): Generator<Series> {
  for (const byUnit of [node.series, node.fine]) yield* byUnit.values();
  for (const next of node.steps.values()) yield* seriesOf(next);
}

/** Writes what is not stored yet; `undo` takes what makes it so again when the transaction fails. */
async function writeSeries(
  writer: MetricWriter,
  series: Series,
  isOld: (time: number) => boolean,
  undo: (() => void)[],
): Promise<void> {
  const open = [series.current, ...series.others].filter((each) => each.dirty);
  if (open.length === 0) return;
  const latest = Math.max(...open.map((each) => each.time));
  if (series.metricId === undefined || latest > series.touched) {
    undo.push(() => {
      series.metricId = undefined;
    });
    series.metricId = await writer.touchMetric(series, latest);
    series.touched = latest;
  }
  for (const each of open) {
    const key = { metricId: series.metricId, time: each.time, resolution: series.resolution, unit: series.unit };
    if (each.whole || !isOld(each.time)) await writeWhole(writer, key, series, each, undo);
    else await writeDifference(writer, key, series, each, undo);
  }
}

/** Makes a set one that is not stored again, whatever has taken its place meanwhile. */
function restore(series: Series, open: OpenSet): void {
  open.dirty = true;
  if (series.current === open || series.others.includes(open)) return;
  if (series.current.time === open.time) {
    open.set.merge(series.current.set);
    series.current = open;
    return;
  }
  const index = series.others.findIndex((other) => other.time === open.time);
  if (index !== -1) open.set.merge(series.others.splice(index, 1)[0]!.set);
  series.others.push(open);
}

async function writeWhole(
  writer: MetricWriter,
  key: PointKey,
  series: Series,
  open: OpenSet,
  undo: (() => void)[],
): Promise<void> {
  if (!open.whole) {
    const before = await writer.point(key);
    if (before !== undefined) open.set.merge(before);
    open.whole = true;
  }
  undo.push(() => restore(series, open));
  open.dirty = false;
  await writer.putPoint(key, open.set);
}

/** For sets of long ago, whose points may have been rolled up since they were last looked at. */
async function writeDifference(
  writer: MetricWriter,
  key: PointKey,
  series: Series,
  open: OpenSet,
  undo: (() => void)[],
): Promise<void> {
  const difference = open.set;
  open.set = new StatisticSet();
  open.dirty = false;
  undo.push(() => {
    open.set.merge(difference);
    restore(series, open);
  });
  const sum = (await writer.point(key)) ?? new StatisticSet();
  sum.merge(difference);
  await writer.putPoint(key, sum);
}
