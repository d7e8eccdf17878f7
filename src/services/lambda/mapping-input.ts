// Reads the settings of an event source mapping, and judges what the contract cannot: it differs by the kind of source.
import type { OperationsOf } from '../../contracts/index.ts';
import { parseArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import { invalidParameter, settingNotBuilt } from './errors.ts';
import { isFilterPattern } from './event-filter.ts';
import type { MappingSettings } from './event-source-mapping.ts';
import {
  checkTaken,
  isKafka,
  isQueue,
  isStream,
  missing,
  type SourceKind,
  type SourceParameter,
  sourceKind,
  unsupported,
} from './event-source.ts';
import { limits } from './limits.ts';

type CreateInput = OperationsOf<'lambda'>['CreateEventSourceMapping']['input'];
type UpdateInput = OperationsOf<'lambda'>['UpdateEventSourceMapping']['input'];
/** The settings that both operations take. */
type Settings = Omit<UpdateInput, 'UUID' | 'FunctionName' | 'Enabled'>;

const positions = ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'];

/** Kafka's controls of errors, which it has in provisioned mode alone. */
const provisionedOnly: readonly SourceParameter[] = [
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
];

/** Of `uuid`, a new mapping. Throws InvalidParameterValueException. */
export function readNewMapping(input: CreateInput, uuid: string): { kind: SourceKind; settings: MappingSettings } {
  checkPosition(input.StartingPosition);
  const kind = sourceKind(input);
  checkTaken(kind, input);
  checkStart(kind, input);
  const source: MappingSettings = {
    ...defaults(kind),
    ...(input.EventSourceArn === undefined ? {} : { EventSourceArn: input.EventSourceArn }),
    ...(input.SelfManagedEventSource === undefined ? {} : { SelfManagedEventSource: input.SelfManagedEventSource }),
    ...(input.StartingPosition === undefined ? {} : { StartingPosition: input.StartingPosition }),
    ...(input.StartingPositionTimestamp === undefined
      ? {}
      : { startingTime: input.StartingPositionTimestamp.getTime() }),
    ...(input.Topics === undefined ? {} : { Topics: input.Topics }),
    ...(input.Queues === undefined ? {} : { Queues: input.Queues }),
    ...consumerGroup(kind, input, uuid),
  };
  const settings = applySettings(kind, source, input);
  checkRequired(kind, settings);
  return { kind, settings };
}

/** `current` with what `input` sets. Throws InvalidParameterValueException. */
export function readChangedMapping(kind: SourceKind, current: MappingSettings, input: UpdateInput): MappingSettings {
  checkTaken(kind, input);
  const config = kind === 'msk' ? 'AmazonManagedKafkaEventSourceConfig' : 'SelfManagedKafkaEventSourceConfig';
  const group = input[config]?.ConsumerGroupId;
  if (group !== undefined && group !== current[config]?.ConsumerGroupId) {
    throw invalidParameter('The ConsumerGroupId of an event source mapping cannot be changed.');
  }
  return applySettings(kind, current, input);
}

/** The default position is in the contract's enumeration, but AWS lists the values in another order. */
function checkPosition(position: string | undefined): void {
  if (position === undefined || positions.includes(position)) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${position}' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [${positions.join(', ')}]`,
  );
}

function checkStart(kind: SourceKind, input: CreateInput): void {
  const { StartingPosition: position, StartingPositionTimestamp: time } = input;
  if (isQueue(kind) || kind === 'mq') {
    if (position === undefined && time === undefined) return;
    throw invalidParameter(`StartingPosition is not valid for ${kind === 'mq' ? 'MQ' : 'SQS'} event sources.`);
  }
  if (position === undefined && kind !== 'self-managed-kafka') {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (position !== 'AT_TIMESTAMP') {
    if (time === undefined) return;
    throw invalidParameter('Timestamp only valid with StartingPosition AT_TIMESTAMP');
  }
  if (kind === 'dynamodb') {
    throw invalidParameter(`Unsupported starting position for arn type: ${input.EventSourceArn}`);
  }
  if (time === undefined) throw invalidParameter('Timestamp must be specified for StartingPosition AT_TIMESTAMP');
  if (time.getTime() < 0) {
    throw invalidParameter(
      'Received Exception while reading from provided stream. class java.lang.Long can not be converted to a Timestamp',
    );
  }
}

function defaults(kind: SourceKind): MappingSettings {
  if (isQueue(kind)) return { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };
  if (isStream(kind)) {
    return {
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      FunctionResponseTypes: [],
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      TumblingWindowInSeconds: 0,
    };
  }
  // Their default window of half a second cannot be said in whole seconds, so nothing is said.
  if (kind === 'self-managed-kafka') return { BatchSize: 100, StartingPosition: 'TRIM_HORIZON' };
  if (kind === 'documentdb') return { BatchSize: 100, MaximumBatchingWindowInSeconds: 0 };
  return { BatchSize: 100 };
}

/** Kafka's consumer group, which is named for the mapping unless it is given a name. */
function consumerGroup(kind: SourceKind, input: CreateInput, uuid: string): MappingSettings {
  if (kind === 'msk') {
    return {
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid, ...input.AmazonManagedKafkaEventSourceConfig },
    };
  }
  if (kind === 'self-managed-kafka') {
    return { SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid, ...input.SelfManagedKafkaEventSourceConfig } };
  }
  return {};
}

function applySettings(kind: SourceKind, current: MappingSettings, input: Settings): MappingSettings {
  if (input.KMSKeyArn) throw settingNotBuilt('KMSKeyArn');
  checkMetrics(kind, input);
  const next: MappingSettings = { ...current };
  const plain = [
    'BatchSize',
    'BisectBatchOnFunctionError',
    'FunctionResponseTypes',
    'LoggingConfig',
    'MaximumBatchingWindowInSeconds',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'SourceAccessConfigurations',
    'TumblingWindowInSeconds',
  ] as const;
  for (const name of plain) {
    if (input[name] !== undefined) (next as Record<string, unknown>)[name] = input[name];
  }
  if (input.DestinationConfig !== undefined) next.DestinationConfig = readDestination(kind, input.DestinationConfig);
  if (input.DocumentDBEventSourceConfig !== undefined) {
    next.DocumentDBEventSourceConfig = {
      FullDocument: 'Default',
      ...current.DocumentDBEventSourceConfig,
      ...input.DocumentDBEventSourceConfig,
    };
  }
  for (const name of ['AmazonManagedKafkaEventSourceConfig', 'SelfManagedKafkaEventSourceConfig'] as const) {
    if (input[name] !== undefined) (next as Record<string, unknown>)[name] = { ...current[name], ...input[name] };
  }
  // These are taken away by an empty value.
  if (input.FilterCriteria !== undefined) {
    delete next.FilterCriteria;
    const filters = readFilters(input.FilterCriteria.Filters ?? []);
    if (filters.length > 0) next.FilterCriteria = { Filters: filters };
  }
  if (input.MetricsConfig !== undefined) {
    delete next.MetricsConfig;
    if ((input.MetricsConfig.Metrics ?? []).length > 0) next.MetricsConfig = input.MetricsConfig;
  }
  if (input.ScalingConfig !== undefined) {
    delete next.ScalingConfig;
    if (input.ScalingConfig.MaximumConcurrency !== undefined) next.ScalingConfig = input.ScalingConfig;
  }
  if (input.ProvisionedPollerConfig !== undefined) {
    delete next.ProvisionedPollerConfig;
    if (Object.keys(input.ProvisionedPollerConfig).length > 0) {
      next.ProvisionedPollerConfig = readPollers(kind, input.ProvisionedPollerConfig);
    }
  }
  checkTogether(kind, next, input);
  return next;
}

/** What only shows once all settings are there. */
function checkTogether(kind: SourceKind, next: MappingSettings, input: Settings): void {
  const window = next.MaximumBatchingWindowInSeconds ?? 0;
  if (kind === 'sqs-fifo' && window > 0) throw invalidParameter('Batching window is not supported for FIFO queues');
  if (kind === 'sqs-fifo' && next.BatchSize! > limits.mappingFifoBatch) {
    throw invalidParameter(`Maximum batch size must be between 1 and ${limits.mappingFifoBatch} inclusive`);
  }
  if (isQueue(kind) && next.BatchSize! > limits.mappingFifoBatch && window === 0) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  const age = next.MaximumRecordAgeInSeconds ?? -1;
  if (age !== -1 && age < 60) {
    throw invalidParameter('Maximum record age in seconds must be -1 or between 60 and 604800 inclusive');
  }
  if (next.ScalingConfig !== undefined && next.ProvisionedPollerConfig !== undefined) {
    throw invalidParameter(
      'ScalingConfig and ProvisionedPollerConfig cannot be set for the same event source mapping.',
    );
  }
  if (isKafka(kind) && next.ProvisionedPollerConfig === undefined) {
    for (const name of provisionedOnly) {
      const value = input[name as keyof Settings];
      if (value !== undefined && !(Array.isArray(value) && value.length === 0)) throw unsupported(kind, name);
    }
  }
}

function checkRequired(kind: SourceKind, settings: MappingSettings): void {
  const needsAccess = kind === 'self-managed-kafka' || kind === 'mq' || kind === 'documentdb';
  if (needsAccess && (settings.SourceAccessConfigurations ?? []).length === 0) {
    throw missing('SourceAccessConfigurations');
  }
  if (isKafka(kind) && settings.Topics === undefined) throw missing('Topics');
  if (kind === 'mq' && settings.Queues === undefined) throw missing('Queues');
  if (kind === 'documentdb' && settings.DocumentDBEventSourceConfig?.DatabaseName === undefined) {
    throw missing('DocumentDBEventSourceConfig');
  }
}

function readDestination(
  kind: SourceKind,
  config: NonNullable<Settings['DestinationConfig']>,
): NonNullable<MappingSettings['DestinationConfig']> {
  if (config.OnSuccess !== undefined) throw unsupported(kind, 'DestinationConfig');
  const destination = config.OnFailure?.Destination;
  if (!destination) return { OnFailure: {} };
  const service = destination.startsWith('kafka://') ? 'topic' : parseArn(destination)?.service;
  const services = ['sqs', 'sns', 's3', ...(isKafka(kind) ? ['topic'] : [])];
  if (service === undefined || !services.includes(service)) {
    throw invalidParameter(`The destination ARN ${destination} is invalid.`);
  }
  return { OnFailure: { Destination: destination } };
}

function readFilters(filters: NonNullable<NonNullable<Settings['FilterCriteria']>['Filters']>): { Pattern: string }[] {
  if (filters.length > limits.mappingFilters) {
    throw invalidParameter(`The number of filters ${filters.length} exceeds the limit of ${limits.mappingFilters}.`);
  }
  return filters.map(({ Pattern: pattern }) => {
    if (pattern === undefined || !isFilterPattern(pattern)) {
      throw invalidParameter('Invalid filter pattern definition.');
    }
    return { Pattern: pattern };
  });
}

function readPollers(
  kind: SourceKind,
  config: NonNullable<Settings['ProvisionedPollerConfig']>,
): NonNullable<MappingSettings['ProvisionedPollerConfig']> {
  const [least, most] = isQueue(kind) ? [2, 2_000] : [1, 2_000];
  const minimum = config.MinimumPollers ?? Math.min(least, config.MaximumPollers ?? least);
  const maximum = config.MaximumPollers ?? Math.max(200, minimum);
  if (minimum < least || maximum < least || maximum > most) {
    throw invalidParameter(`MinimumPollers and MaximumPollers must be between ${least} and ${most} inclusive.`);
  }
  if (minimum > maximum) throw invalidParameter('MinimumPollers must be less than or equal to MaximumPollers.');
  if (isQueue(kind) && config.PollerGroupName) throw unsupported(kind, 'ProvisionedPollerConfig');
  return {
    MinimumPollers: minimum,
    MaximumPollers: maximum,
    ...(config.PollerGroupName ? { PollerGroupName: config.PollerGroupName } : {}),
  };
}

function checkMetrics(kind: SourceKind, input: Settings): void {
  const forKafka = (input.MetricsConfig?.Metrics ?? []).filter((metric) => metric !== 'EventCount');
  if (forKafka.length === 0 || isKafka(kind)) return;
  throw invalidParameter(`The metric ${forKafka[0]} is not supported for the given event source mapping type.`);
}
