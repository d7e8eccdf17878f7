// An event source mapping: the states it goes through, and how AWS shows it.
import type { OperationsOf } from '../../contracts/index.ts';
import { formatArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import { resourceNotFound } from './errors.ts';
import { isQueue, isStream, type SourceKind } from './event-source.ts';
import type { MappingRecord, StoredMapping } from './store/index.ts';

export type MappingConfiguration = OperationsOf<'lambda'>['GetEventSourceMapping']['output'];

/** What a mapping's answer holds beside what Lambda itself says of it; times are epoch milliseconds. */
export type MappingSettings = Omit<
  MappingConfiguration,
  | 'UUID'
  | 'EventSourceMappingArn'
  | 'FunctionArn'
  | 'LastModified'
  | 'LastProcessingResult'
  | 'State'
  | 'StateTransitionReason'
  | 'StartingPositionTimestamp'
> & { startingTime?: number };

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** Where a state on the way leads; undefined when the mapping is gone then. */
export function settledState({ state, enabled }: MappingRecord): 'Enabled' | 'Disabled' | undefined {
  if (state === 'Deleting') return undefined;
  return enabled ? 'Enabled' : 'Disabled';
}

/** The state that a change to a settled mapping puts it into. */
export function changingState(wasEnabled: boolean, enabled: boolean): MappingState {
  if (wasEnabled === enabled) return 'Updating';
  return enabled ? 'Enabling' : 'Disabling';
}

/** Throws ResourceInUseException for a mapping that is on its way to another state. */
export function checkSettled({ state }: MappingRecord, verb: 'update' | 'delete'): void {
  if (state === 'Enabled' || state === 'Disabled') return;
  throw new AwsError('ResourceInUseException', `Cannot ${verb} the event source mapping because it is in use.`, {
    members: { Type: 'User' },
  });
}

export const mappingNotFound = () => resourceNotFound('The resource you requested does not exist.');

export function mappingArn({ account, region, uuid }: Omit<StoredMapping, 'record'>): string {
  return formatArn('lambda', region, account, `event-source-mapping:${uuid}`);
}

/** `problem` is why it cannot be served at the moment. */
export function showMapping(stored: StoredMapping, problem?: string): MappingConfiguration {
  const { record, uuid } = stored;
  const { startingTime, ...settings } = record.settings;
  return {
    UUID: uuid,
    ...settings,
    ...(startingTime === undefined ? {} : { StartingPositionTimestamp: new Date(startingTime) }),
    EventSourceMappingArn: mappingArn(stored),
    FunctionArn: record.functionArn,
    LastModified: new Date(record.lastModified),
    ...lastResult(record.kind, problem),
    State: record.state,
    StateTransitionReason: transitionReason(record.kind),
  };
}

/** Of queues nothing is said as long as all is well. */
function lastResult(kind: SourceKind, problem: string | undefined): Pick<MappingConfiguration, 'LastProcessingResult'> {
  if (problem !== undefined) return { LastProcessingResult: problem };
  return isQueue(kind) ? {} : { LastProcessingResult: 'No records processed' };
}

/** The two generations of AWS's pollers say it in different words. */
function transitionReason(kind: SourceKind): string {
  return isStream(kind) || kind === 'documentdb' ? 'User action' : 'USER_INITIATED';
}
