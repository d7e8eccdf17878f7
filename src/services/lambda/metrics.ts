// What Lambda measures of itself, as CloudWatch's metrics: AWS/Lambda by name, unit and dimensions.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
import type { Dimensions, MetricSink } from '../../core/metric-sink.ts';
import type { ConcurrencySnapshot, FinishedInvocation, FunctionTarget } from '../../execution/index.ts';
import { numberOf } from './versions.ts';

/** Whose events are counted: a function as it was called, by name alone or with a version or alias. */
export interface MeasuredFunction {
  account: string;
  region: string;
  functionName: string;
  qualifier?: string | undefined;
  /** Of an invocation by alias: the version that served it. */
  executedVersion?: string | undefined;
}

/** What happens to asynchronous events. `AsyncEventAge` is in milliseconds, the others count. */
export type AsyncMetric =
  | 'AsyncEventsReceived'
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures'
  | 'RecursiveInvocationsDropped';

/** Of an event source mapping; `ProvisionedPollers` is a gauge. */
export type MappingMetric =
  | 'PolledEventCount'
  | 'FilteredOutEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DroppedEventCount'
  | 'DeletedEventCount'
  | 'OnFailureDestinationDeliveredEventCount'
  | 'ProvisionedPollers';

const namespace = 'AWS/Lambda';
const ofRegion: Dimensions = [];

/** The dimension sets that a function's metrics are written by, from the widest to the narrowest. */
function dimensionSets({ functionName, qualifier, executedVersion }: MeasuredFunction): Dimensions[] {
  const byName = ['FunctionName', functionName] as const;
  const byResource = ['Resource', qualifier === undefined ? functionName : `${functionName}:${qualifier}`] as const;
  const sets: Dimensions[] = [ofRegion, [byName], [byName, byResource]];
  if (executedVersion !== undefined) sets.push([byName, byResource, ['ExecutedVersion', executedVersion]]);
  return sets;
}

export class LambdaMetrics {
  readonly #sink: MetricSink;
  /** By target, then by the ARN that was called: made once, not for each invocation. */
  readonly #setsOf = new WeakMap<FunctionTarget, Map<string, Dimensions[]>>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  /**
   * Measures an invocation that is over, in the minute in which it was submitted. Errors and Throttles are written as 0 as
   * well, so that their average is a rate.
   */
  invocationFinished({ invocation, outcome, submittedAt, provisioned, concurrent }: FinishedInvocation): void {
    const { target, invokedArn, concurrency } = invocation;
    const { account, region } = target;
    const throttled = outcome.kind === 'throttled';
    for (const dimensions of this.#dimensionSetsOf(target, invokedArn)) {
      const write = (name: string, unit: string, value: number) =>
        this.#sink.add(account, region, namespace, name, dimensions, unit, value, submittedAt);
      write('Throttles', 'Count', throttled ? 1 : 0);
      if (throttled) continue;
      write('Invocations', 'Count', 1);
      write('Errors', 'Count', outcome.kind === 'function-error' ? 1 : 0);
      const { durationMs, extensionsMs } = outcome.usage;
      write('Duration', 'Milliseconds', toHundredths(durationMs));
      if (extensionsMs !== undefined) {
        write('PostRuntimeExtensionsDuration', 'Milliseconds', toHundredths(extensionsMs));
      }
      if (provisioned === 'served') write('ProvisionedConcurrencyInvocations', 'Count', 1);
      if (provisioned === 'spilled') write('ProvisionedConcurrencySpilloverInvocations', 'Count', 1);
    }
    if (concurrent === undefined) return;
    const gauge = (name: string, dimensions: Dimensions, value: number) =>
      this.#sink.add(account, region, namespace, name, dimensions, 'Count', value, submittedAt);
    gauge('ConcurrentExecutions', ofRegion, concurrent.ofAccount);
    const [, byName, byResource] = this.#dimensionSetsOf(target, invokedArn) as [Dimensions, Dimensions, Dimensions];
    gauge('ConcurrentExecutions', byName, concurrent.ofFunction);
    gauge('ConcurrentExecutions', byResource, concurrent.ofQualifier);
    gauge('UnreservedConcurrentExecutions', ofRegion, concurrent.unreserved);
    gauge('ClaimedAccountConcurrency', ofRegion, concurrent.unreserved + (concurrency.claimed ?? 0));
    if (concurrent.provisioned !== undefined) {
      const { qualifier } = concurrency.provisioned!;
      const { functionName } = target;
      this.#provisionedUse({ account, region, functionName, qualifier }, concurrent.provisioned, submittedAt);
    }
  }

  /** Measures what became of asynchronous events. `value` is a count, or an age in milliseconds. */
  asynchronous(measured: MeasuredFunction, metric: AsyncMetric, value: number, epochMs: number): void {
    const { account, region } = measured;
    const unit = metric === 'AsyncEventAge' ? 'Milliseconds' : 'Count';
    for (const dimensions of dimensionSets(measured)) {
      this.#sink.add(account, region, namespace, metric, dimensions, unit, value, epochMs);
    }
  }

  /** Measures what an event source mapping did with `count` events. */
  mapping(account: string, region: string, uuid: string, metric: MappingMetric, count: number, epochMs: number): void {
    this.#sink.add(account, region, namespace, metric, [['EventSourceMappingUUID', uuid]], 'Count', count, epochMs);
  }

  /** Measures what runs at a moment: what lasts longer than a minute is seen in each, and so is what is kept ready. */
  sample({ running, provisioned }: ConcurrencySnapshot, epochMs: number): void {
    for (const { account, region, running: ofAccount, unreserved, functions } of running) {
      const gauge = (name: string, dimensions: Dimensions, value: number) =>
        this.#sink.add(account, region, namespace, name, dimensions, 'Count', value, epochMs);
      gauge('ConcurrentExecutions', ofRegion, ofAccount);
      gauge('UnreservedConcurrentExecutions', ofRegion, unreserved);
      for (const { functionName, running: ofFunction } of functions) {
        gauge('ConcurrentExecutions', [['FunctionName', functionName]], ofFunction);
      }
    }
    for (const each of provisioned) this.#provisionedUse(each, each, epochMs);
  }

  /** How much of what is kept ready for a version or alias is in use. */
  #provisionedUse(measured: MeasuredFunction, use: { inUse: number; allocated: number }, epochMs: number): void {
    const { account, region } = measured;
    const [, byName, byResource] = dimensionSets(measured) as [Dimensions, Dimensions, Dimensions];
    const gauge = (name: string, dimensions: Dimensions, value: number) =>
      this.#sink.add(account, region, namespace, name, dimensions, 'Count', value, epochMs);
    gauge('ProvisionedConcurrentExecutions', byName, use.inUse);
    gauge('ProvisionedConcurrentExecutions', byResource, use.inUse);
    if (use.allocated > 0) gauge('ProvisionedConcurrencyUtilization', byResource, use.inUse / use.allocated);
  }

  #dimensionSetsOf(target: FunctionTarget, invokedArn: string): Dimensions[] {
    let byArn = this.#setsOf.get(target);
    if (byArn === undefined) {
      byArn = new Map();
      this.#setsOf.set(target, byArn);
    }
    let sets = byArn.get(invokedArn);
    if (sets === undefined) {
      sets = dimensionSets(measured(target, invokedArn));
      byArn.set(invokedArn, sets);
    }
    return sets;
  }
}

/** How an invocation is measured that came for `invokedArn`. */
function measured({ account, region, functionName, functionArn, version }: FunctionTarget, invokedArn: string) {
  const qualifier = invokedArn.length > functionArn.length ? invokedArn.slice(functionArn.length + 1) : undefined;
  const byAlias = numberOf(qualifier) === undefined;
  return { account, region, functionName, qualifier, executedVersion: byAlias ? version : undefined };
}

/** Milliseconds as REPORT shows them. */
function toHundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
