// The log group and the log stream that a request names.
import type { Caller } from '../service.ts';
import { groupNotFound, invalidParameter, streamNotFound, validationError } from './errors.ts';
import { parseGroupArn } from './log-arns.ts';
import type { LogGroup, LogStream, Store } from './store/index.ts';

/** Throws ResourceNotFoundException when the caller's account and region have no group of that name. */
export async function findGroup(store: Store, caller: Caller, name: string): Promise<LogGroup> {
  const group = await store.groups.find(caller.account, caller.region, name);
  if (group === undefined) throw groupNotFound();
  return group;
}

/** The group that a name or an ARN means. Another account's or region's group is not found. */
export async function findGroupByIdentifier(store: Store, caller: Caller, identifier: string): Promise<LogGroup> {
  if (!identifier.startsWith('arn:')) return findGroup(store, caller, identifier);
  const named = parseGroupArn(identifier);
  if (named?.account !== caller.account || named.region !== caller.region) throw groupNotFound();
  return findGroup(store, caller, named.name);
}

/** The group of an input that takes either a name or an identifier. */
export function findGroupOf(
  store: Store,
  caller: Caller,
  input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): Promise<LogGroup> {
  const { logGroupName, logGroupIdentifier } = input;
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw validationError('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  if (logGroupIdentifier !== undefined) return findGroupByIdentifier(store, caller, logGroupIdentifier);
  if (logGroupName === undefined)
    throw invalidParameter('Either logGroupName or logGroupIdentifier must be specified.');
  return findGroup(store, caller, logGroupName);
}

/** Throws ResourceNotFoundException when the group has no stream of that name. */
export async function findStream(store: Store, group: LogGroup, name: string): Promise<LogStream> {
  const stream = await store.streams.find(group.id, name);
  if (stream === undefined) throw streamNotFound();
  return stream;
}
