// Polls a queue for a mapping: receives, filters, gathers batches, and has as many of them run as scaling allows.
import { parseArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import { backOff } from '../back-off.ts';
import type { MappingMetric, PolledMapping, Poller, PollerParts } from '../event-source.ts';
import { type Filter, readFilters } from '../filters.ts';
import { FunctionDirectory } from '../function-facts.ts';
import { Scaling, scalingPlan } from '../scaling.ts';
import { type Batch, type BatchItem, payloadLimitBytes, splitBySize, toItem, weigh } from './batch.ts';
import { deliver } from './deliver.ts';
import { Queue } from './queue.ts';
import type { Message } from './record.ts';

/** SQS's longest poll: an idle mapping is one of these. */
const longPollSeconds = 20;
const receiveLimit = 10;
/** How many receives are under way at once while each comes back full. */
const parallelReceives = 4;
/** Pauses after a queue or a function could not be reached. */
const restMs = { first: 1_000, most: 60_000 };
/** How often a mapping that has more to do than it may looks whether it may do more by now. */
const growthMs = 1_000;
const minuteMs = 60_000;

export class QueuePoller implements Poller {
  readonly #parts: PollerParts;
  readonly #functions: FunctionDirectory;
  readonly #queue: Queue;
  readonly #isFifo: boolean;
  #mapping: PolledMapping;
  #filter: Filter | undefined;
  #scaling: Scaling;
  /** Ends receives that wait; replaced when the mapping is updated. */
  #waits = new AbortController();
  /** Ends the pauses of batches that are throttled. */
  readonly #end = new AbortController();
  #stopped = false;
  #drained: (() => void) | undefined;
  #receiving = 0;
  #running = 0;
  /** Deletions under way of what has been dealt with; the next batch does not wait for them. */
  #deleting = 0;
  /** Whether the last receive got all that it asked for. */
  #backlog = false;
  /** Tries in a row that the source or the function could not be reached. */
  #troubles = 0;
  #cancelRest: (() => void) | undefined;
  #cancelGrowth: (() => void) | undefined;
  #cancelReport: (() => void) | undefined;
  #problem: string | undefined;

  constructor(mapping: PolledMapping, parts: PollerParts) {
    this.#mapping = mapping;
    this.#parts = parts;
    this.#functions = new FunctionDirectory(parts);
    this.#queue = new Queue(mapping.settings.EventSourceArn!, parts);
    this.#isFifo = mapping.kind === 'sqs-fifo';
    this.#filter = readFilters(mapping.settings.FilterCriteria, 'body');
    this.#scaling = new Scaling(scalingPlan(mapping.settings));
    this.#reportPollers();
    this.#pump();
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  update(mapping: PolledMapping): void {
    this.#mapping = mapping;
    this.#filter = readFilters(mapping.settings.FilterCriteria, 'body');
    this.#scaling = new Scaling(scalingPlan(mapping.settings));
    this.#functions.forget();
    this.#endWaits();
    this.#waits = new AbortController();
    this.#troubles = 0;
    this.#reportPollers();
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end.abort();
    this.#endWaits();
    this.#cancelReport?.();
    if (this.#isDrained) return;
    await new Promise<void>((resolve) => {
      const before = this.#drained;
      this.#drained = () => {
        before?.();
        resolve();
      };
    });
  }

  #endWaits(): void {
    this.#waits.abort();
    this.#cancelRest?.();
    this.#cancelRest = undefined;
    this.#cancelGrowth?.();
    this.#cancelGrowth = undefined;
  }

  /** Begins as many receives as there is reason and room for. */
  #pump(): void {
    if (this.#stopped) {
      if (this.#isDrained) this.#drained?.();
      return;
    }
    if (this.#cancelRest !== undefined) return;
    if (!this.#backlog) this.#scaling.relaxed();
    else if (this.#isFull) this.#scaling.saturated(this.#parts.clock.monotonic());
    const wanted = this.#backlog ? parallelReceives : 1;
    while (this.#receiving < wanted && !this.#isFull) {
      this.#receiving++;
      void this.#turn();
    }
    if (this.#backlog && this.#isFull && this.#scaling.mayGrow) this.#lookAgain();
  }

  get #isDrained(): boolean {
    return this.#receiving + this.#running + this.#deleting === 0;
  }

  /** Whether scaling allows no further batch. */
  get #isFull(): boolean {
    return this.#receiving + this.#running >= this.#scaling.limit;
  }

  /** The limit rises with time while it holds work back. */
  #lookAgain(): void {
    this.#cancelGrowth ??= this.#parts.clock.after(growthMs, () => {
      this.#cancelGrowth = undefined;
      this.#pump();
    });
  }

  /** Gathers one batch and has it run. */
  async #turn(): Promise<void> {
    let batch: Batch | undefined;
    try {
      batch = await this.#gather();
      this.#troubles = 0;
      this.#problem = undefined;
    } catch (error) {
      this.#rest(error);
    }
    this.#receiving--;
    if (batch !== undefined && batch.items.length > 0) {
      this.#running++;
      void this.#run(batch);
    }
    this.#pump();
  }

  async #gather(): Promise<Batch> {
    const mapping = this.#mapping;
    const all = this.#waits.signal;
    const { role } = await this.#functions.get(mapping);
    const size = mapping.settings.BatchSize ?? receiveLimit;
    const waits = new AbortController();
    const endWaits = () => waits.abort();
    all.addEventListener('abort', endWaits);
    if (all.aborted) endWaits();
    let cancelWindow: (() => void) | undefined;
    try {
      const receive = async (count: number, waitSeconds: number) => {
        const messages = await this.#queue.receive(mapping, role, { count, waitSeconds, signal: waits.signal });
        return { messages, items: await this.#take(messages, mapping, role) };
      };
      const asked = Math.min(receiveLimit, size);
      const first = await receive(asked, longPollSeconds);
      this.#backlog = first.messages.length >= asked;
      if (first.messages.length === 0 && this.#running === 0 && !waits.signal.aborted) this.#scaling.idle();
      const { items } = first;
      const batch: Batch = { mapping, role, items, takenAt: this.#parts.clock.monotonic() };
      const windowMs = (mapping.settings.MaximumBatchingWindowInSeconds ?? 0) * 1_000;
      // Of one receive a FIFO queue gives all that may be in a batch.
      if (this.#isFifo || windowMs === 0 || first.messages.length === 0) return batch;
      const end = batch.takenAt + windowMs;
      cancelWindow = this.#parts.clock.after(windowMs, endWaits);
      let bytes = weigh(items);
      while (items.length < size && bytes < payloadLimitBytes && !waits.signal.aborted) {
        // What is there is fetched side by side; for what is not there yet one receive waits.
        const left = size - items.length;
        const parallel = this.#backlog ? Math.min(parallelReceives, Math.ceil(left / receiveLimit)) : 1;
        const leftSeconds = Math.min(longPollSeconds, Math.ceil((end - this.#parts.clock.monotonic()) / 1_000));
        const counts = Array.from({ length: parallel }, (_, index) =>
          Math.min(receiveLimit, left - index * receiveLimit),
        );
        const waitSeconds = parallel > 1 ? 0 : Math.max(0, leftSeconds);
        const results = await Promise.allSettled(counts.map((count) => receive(count, waitSeconds)));
        const more = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
        this.#backlog =
          more.reduce((sum, { messages }) => sum + messages.length, 0) === Math.min(left, parallel * receiveLimit);
        for (const each of more) {
          items.push(...each.items);
          bytes += weigh(each.items);
        }
        // What is wrong will be met again by the next receive; what was gathered is invoked with.
        if (more.length < results.length) break;
      }
      return batch;
    } finally {
      all.removeEventListener('abort', endWaits);
      cancelWindow?.();
    }
  }

  /** What of `messages` passes the filter; what does not is deleted. */
  async #take(messages: readonly Message[], mapping: PolledMapping, role: string): Promise<BatchItem[]> {
    if (messages.length === 0) return [];
    this.#count('PolledEventCount', messages.length);
    const arn = mapping.settings.EventSourceArn!;
    const tellsNoDigest = (mapping.settings.MaximumBatchingWindowInSeconds ?? 0) > 0;
    const origin = { arn, region: parseArn(arn)!.region, tellsNoDigest };
    const items = messages.map((message) => toItem(message, origin));
    const filter = this.#filter;
    if (filter === undefined) return items;
    const passed = items.filter(({ record }) => filter(record, record.body));
    if (passed.length < items.length) {
      const kept = new Set(passed);
      const handles = items.filter((item) => !kept.has(item)).map(({ record }) => record.receiptHandle);
      this.#count('FilteredOutEventCount', handles.length);
      await this.#queue.delete(mapping, role, handles);
    }
    return passed;
  }

  /** Runs a batch, in several invocations if one cannot hold it. */
  async #run(batch: Batch): Promise<void> {
    /** Groups of a FIFO queue whose later messages have to wait until the failed one was there again. */
    const blocked = new Set<string>();
    try {
      for (const part of splitBySize(batch.items)) {
        const items = this.#isFifo ? part.filter((item) => !blocked.has(groupOf(item))) : part;
        if (items.length === 0) continue;
        const { done, failed, reason } = await deliver(
          { ...batch, items },
          {
            parts: this.#parts,
            queue: this.#queue,
            functions: this.#functions,
            stopped: this.#end.signal,
            throttled: () => this.#scaling.throttled(),
          },
        );
        if (!(reason instanceof AwsError)) this.#count('InvokedEventCount', items.length);
        if (failed.length > 0) this.#count('FailedInvokeEventCount', failed.length);
        if (done.length > 0) void this.#delete(batch, done);
        for (const item of failed) blocked.add(groupOf(item));
        this.#learn(reason);
      }
    } catch (error) {
      this.#parts.log.error({ err: error, mapping: batch.mapping.uuid }, 'a batch of messages was left to come again');
    } finally {
      this.#running--;
      this.#pump();
    }
  }

  async #delete({ mapping, role }: Batch, items: readonly BatchItem[]): Promise<void> {
    this.#deleting++;
    const handles = items.map(({ record }) => record.receiptHandle);
    this.#count('DeletedEventCount', await this.#queue.delete(mapping, role, handles));
    this.#deleting--;
    this.#pump();
  }

  #learn(reason: 'function failed' | AwsError | undefined): void {
    if (reason === undefined) return;
    // With ReportBatchItemFailures failures are taken for single messages, which say nothing of the function.
    const reports = this.#mapping.settings.FunctionResponseTypes?.includes('ReportBatchItemFailures');
    if (reason === 'function failed') {
      if (!reports) this.#scaling.failed();
      return;
    }
    if (reason.code === 'ResourceNotFoundException') {
      this.#functions.forget();
      this.#rest(reason);
    } else this.#scaling.failed();
  }

  /** Leaves queue and function alone for a while. */
  #rest(error: unknown): void {
    const problem = `PROBLEM: ${error instanceof Error ? error.message : error}`;
    if (this.#stopped) return;
    if (this.#problem !== problem) {
      this.#parts.log.warn({ err: error, mapping: this.#mapping.uuid }, 'an event source mapping cannot be served');
    }
    this.#problem = problem;
    this.#backlog = false;
    this.#functions.forget();
    if (this.#cancelRest !== undefined) return;
    this.#cancelRest = this.#parts.clock.after(backOff(this.#troubles++, restMs.first, restMs.most), () => {
      this.#cancelRest = undefined;
      this.#pump();
    });
  }

  #count(metric: MappingMetric, value: number): void {
    if (this.#mapping.settings.MetricsConfig?.Metrics?.includes('EventCount')) {
      this.#parts.metrics.add(this.#mapping, metric, value);
    }
  }

  /** Once a minute, of mappings in provisioned mode alone. */
  #reportPollers(): void {
    this.#cancelReport?.();
    this.#cancelReport = undefined;
    if (this.#mapping.settings.ProvisionedPollerConfig === undefined) return;
    this.#parts.metrics.add(this.#mapping, 'ProvisionedPollers', this.#scaling.pollers);
    this.#cancelReport = this.#parts.clock.after(minuteMs, () => this.#reportPollers());
  }
}

const groupOf = ({ record }: BatchItem) => record.attributes['MessageGroupId'] ?? record.messageId;
