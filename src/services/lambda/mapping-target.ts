// The function of an event source mapping, and the mappings that it may not have twice.
import { AwsError } from '../../core/errors.ts';
import type { Caller } from '../service.ts';
import { invalidParameter, resourceConflict } from './errors.ts';
import type { MappingSettings } from './event-source-mapping.ts';
import { isKafka, isQueue, type SourceKind } from './event-source.ts';
import { functionArn } from './function-name.ts';
import type { Lambda } from './lambda.ts';
import type { FunctionTransaction, StoredMapping } from './store/index.ts';
import { findVersion } from './versions.ts';

export interface MappingTarget {
  name: string;
  /** With the qualifier that the request gave, if any. */
  arn: string;
  timeoutSeconds: number;
}

/** Throws InvalidParameterValueException when there is no such function, version or alias. */
export async function findTarget(lambda: Lambda, caller: Caller, action: string, name: string): Promise<MappingTarget> {
  try {
    const { reference, version } = await findVersion(lambda, caller, action, name);
    return {
      name: reference.name,
      arn: functionArn(reference, reference.qualifier),
      timeoutSeconds: version.configuration.timeoutSeconds,
    };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') {
      throw invalidParameter('Function does not exist');
    }
    throw error;
  }
}

/** Throws ResourceConflictException when the function has a mapping of the same source. */
export async function checkUnique(
  { mappings }: FunctionTransaction,
  { account, region, uuid }: Omit<StoredMapping, 'record'>,
  kind: SourceKind,
  settings: MappingSettings,
  target: MappingTarget,
): Promise<void> {
  const others = await mappings.list(account, region, { functionArn: target.arn });
  const same = others.find((other) => other.uuid !== uuid && overlaps(other.record.settings, settings));
  if (same === undefined) return;
  const advice = `already exists. Please update or delete the existing mapping with UUID ${same.uuid}`;
  const source = settings.EventSourceArn;
  if (isKafka(kind) || kind === 'mq') {
    const from = source ?? bootstrapServers(settings).join(',');
    const what = kind === 'mq' ? `queues ("${settings.Queues}")` : `topics ("${settings.Topics}")`;
    throw resourceConflict(
      `An event source mapping with event source ("${from}"), function ("${target.arn}"), ${what} ${advice}`,
    );
  }
  if (isQueue(kind)) {
    throw resourceConflict(
      `An event source mapping with SQS arn (" ${source} ") and function (" ${target.name} ") ${advice}`,
    );
  }
  throw resourceConflict(
    `The event source arn (" ${source} ") and function (" ${target.name} ") provided mapping ${advice}`,
  );
}

/** Whether two mappings of one function would get the same events. */
function overlaps(one: MappingSettings, other: MappingSettings): boolean {
  if (one.EventSourceArn !== other.EventSourceArn) return false;
  if (one.EventSourceArn === undefined && !intersect(bootstrapServers(one), bootstrapServers(other))) return false;
  const within = one.Topics ?? one.Queues;
  return within === undefined || intersect(within, other.Topics ?? other.Queues ?? []);
}

const intersect = (one: readonly string[], other: readonly string[]) => one.some((each) => other.includes(each));

function bootstrapServers(settings: MappingSettings): readonly string[] {
  return settings.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS ?? [];
}
