// The one shape of every event source: a poller for each mapping, and the parts that it is given.
import type { OperationsOf } from '../contracts/index.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Unattended } from '../services/service.ts';

type Configuration = OperationsOf<'lambda'>['GetEventSourceMapping']['output'];

/** The settings of a mapping that say how it is polled, as Lambda shows them. */
export type PollSettings = Pick<
  Configuration,
  | 'BatchSize'
  | 'EventSourceArn'
  | 'FilterCriteria'
  | 'FunctionResponseTypes'
  | 'MaximumBatchingWindowInSeconds'
  | 'MetricsConfig'
  | 'ProvisionedPollerConfig'
  | 'ScalingConfig'
>;

/** A mapping that is enabled. */
export interface PolledMapping {
  /** Twelve digits. */
  account: string;
  region: string;
  uuid: string;
  /** Kind of source, e.g. `sqs-fifo`. */
  kind: string;
  /** With the qualifier that the mapping was made for, if any. */
  functionArn: string;
  settings: PollSettings;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics; all in Count. */
export type MappingMetric =
  | 'PolledEventCount'
  | 'FilteredOutEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DroppedEventCount'
  | 'DeletedEventCount'
  | 'ProvisionedPollers';

/** Takes what mappings measure. */
export interface MappingMetrics {
  /** Must neither throw nor wait. */
  add(mapping: Pick<PolledMapping, 'account' | 'region' | 'uuid'>, metric: MappingMetric, value: number): void;
}

export interface PollerParts {
  /** Receives, deletes and invokes. */
  call: Unattended;
  clock: Clock;
  log: Logger;
  metrics: MappingMetrics;
}

/** Polls for one mapping from when it is made. */
export interface Poller {
  /** From now on polls as `mapping` says; what is on its way runs on as it was begun. */
  update(mapping: PolledMapping): void;
  /** Takes nothing any more; resolves when all that was taken has been dealt with. */
  stop(): Promise<void>;
  /** Why it cannot work at the moment, in the form of LastProcessingResult. */
  readonly problem: string | undefined;
}

/** Starts to poll a source of its kind. */
export type EventSource = (mapping: PolledMapping, parts: PollerParts) => Poller;
