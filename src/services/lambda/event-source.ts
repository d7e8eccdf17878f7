// The kinds of event sources, and what distinguishes their mappings.
import { parseArn } from '../../core/arn.ts';
import { invalidParameter } from './errors.ts';

export type SourceKind =
  | 'sqs'
  | 'sqs-fifo'
  | 'kinesis'
  | 'dynamodb'
  | 'msk'
  | 'self-managed-kafka'
  | 'mq'
  | 'documentdb';

interface SourceInput {
  EventSourceArn?: string | undefined;
  SelfManagedEventSource?: { Endpoints?: { KAFKA_BOOTSTRAP_SERVERS?: string[] } | undefined } | undefined;
}

/** The kind of source that a request names. Throws InvalidParameterValueException for none that Lambda polls. */
export function sourceKind(input: SourceInput): SourceKind {
  if (input.EventSourceArn === undefined) {
    if (input.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS?.length) return 'self-managed-kafka';
    throw unrecognised();
  }
  const arn = parseArn(input.EventSourceArn);
  if (arn === undefined || input.SelfManagedEventSource !== undefined) throw unrecognised();
  const { service, resource } = arn;
  if (service === 'sqs') return resource.endsWith('.fifo') ? 'sqs-fifo' : 'sqs';
  if (service === 'kinesis' && resource.startsWith('stream/')) return 'kinesis';
  if (service === 'dynamodb' && /^table\/[^/]+\/stream\/.+/.test(resource)) return 'dynamodb';
  if (service === 'kafka' && resource.startsWith('cluster/')) return 'msk';
  if (service === 'mq' && resource.startsWith('broker:')) return 'mq';
  if (service === 'rds' && resource.startsWith('cluster:')) return 'documentdb';
  throw unrecognised();
}

const unrecognised = () => invalidParameter('Unrecognized event source.');

export const isQueue = (kind: SourceKind) => kind === 'sqs' || kind === 'sqs-fifo';
export const isStream = (kind: SourceKind) => kind === 'kinesis' || kind === 'dynamodb';
export const isKafka = (kind: SourceKind) => kind === 'msk' || kind === 'self-managed-kafka';

/** Parameters of a mapping that not every kind of source takes. */
export type SourceParameter =
  | 'AmazonManagedKafkaEventSourceConfig'
  | 'BisectBatchOnFunctionError'
  | 'DestinationConfig'
  | 'DocumentDBEventSourceConfig'
  | 'FunctionResponseTypes'
  | 'LoggingConfig'
  | 'MaximumRecordAgeInSeconds'
  | 'MaximumRetryAttempts'
  | 'ParallelizationFactor'
  | 'ProvisionedPollerConfig'
  | 'Queues'
  | 'ScalingConfig'
  | 'SelfManagedKafkaEventSourceConfig'
  | 'SourceAccessConfigurations'
  | 'Topics'
  | 'TumblingWindowInSeconds';

const queue: readonly SourceParameter[] = ['FunctionResponseTypes', 'ProvisionedPollerConfig', 'ScalingConfig'];
const stream: readonly SourceParameter[] = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'FunctionResponseTypes',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'TumblingWindowInSeconds',
];
const kafka: readonly SourceParameter[] = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'FunctionResponseTypes',
  'LoggingConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ProvisionedPollerConfig',
  'SourceAccessConfigurations',
  'Topics',
];

/** What each kind of source takes beside what all take. */
const taken: Record<SourceKind, readonly SourceParameter[]> = {
  sqs: queue,
  'sqs-fifo': queue,
  kinesis: stream,
  dynamodb: stream,
  msk: [...kafka, 'AmazonManagedKafkaEventSourceConfig'],
  'self-managed-kafka': [...kafka, 'SelfManagedKafkaEventSourceConfig'],
  mq: ['Queues', 'SourceAccessConfigurations'],
  documentdb: ['DocumentDBEventSourceConfig', 'SourceAccessConfigurations'],
};

const parameters = new Set<SourceParameter>([...Object.values(taken).flat()]);

/** Throws InvalidParameterValueException when `input` has a parameter that its kind of source does not take. */
export function checkTaken(kind: SourceKind, input: object): void {
  for (const parameter of parameters) {
    const value = (input as Record<string, unknown>)[parameter];
    if (value === undefined || taken[kind].includes(parameter)) continue;
    // An empty list sets nothing.
    if (Array.isArray(value) && value.length === 0) continue;
    throw unsupported(kind, parameter);
  }
}

/** Queues and streams name the parameter as the API does, the sources that came later as their model does. */
export function unsupported(kind: SourceKind, parameter: SourceParameter): Error {
  const name = isQueue(kind) || isStream(kind) ? parameter : `'${camelCase(parameter)}'`;
  return invalidParameter(`Unsupported ${name} parameter for given event source mapping type.`);
}

export const missing = (parameter: string) =>
  invalidParameter(`Required '${camelCase(parameter)}' parameter is missing.`);

function camelCase(name: string): string {
  return name.startsWith('DocumentDB')
    ? `documentDB${name.slice('DocumentDB'.length)}`
    : name[0]!.toLowerCase() + name.slice(1);
}
