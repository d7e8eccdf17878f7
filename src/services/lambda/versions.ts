// Finding the version that a request means, and the steps that several operations share.
import type { Caller } from '../service.ts';
import { functionNotFound, invalidParameter, preconditionFailed, resourceConflict } from './errors.ts';
import { type FunctionReference, functionArn, resolveFunctionName } from './function-name.ts';
import { creating, latest, type VersionRecord } from './function-record.ts';
import type { Lambda } from './lambda.ts';
import type { AliasRecord, FunctionKey, FunctionTransaction, StoredVersion } from './store/index.ts';

/** The version number that a qualifier names; undefined for what is no version. */
export function numberOf(qualifier: string | undefined): number | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return latest;
  return /^[1-9]\d*$/.test(qualifier) ? Number(qualifier) : undefined;
}

export interface FoundVersion extends StoredVersion {
  reference: FunctionReference;
  /** Set when the qualifier is an alias. */
  alias: AliasRecord | undefined;
}

/**
 * The version that `name` and `qualifier` mean; of an alias with two versions the one that `chance` decides, a number
 * from 0 to below 1, or else its first. Throws ResourceNotFoundException.
 */
export async function findVersion(
  lambda: Lambda,
  caller: Caller,
  action: string,
  name: string,
  qualifier?: string,
  chance = 1,
): Promise<FoundVersion> {
  const reference = resolveFunctionName(name, caller, action, qualifier);
  const { account, region } = reference;
  let number = numberOf(reference.qualifier);
  let alias: AliasRecord | undefined;
  if (number === undefined) {
    const stored = lambda.store.alias(reference, reference.qualifier!);
    alias = stored instanceof Promise ? await stored : stored;
    const routed = alias?.routing !== undefined && chance < alias.routing.weight;
    number = routed ? alias!.routing!.number : alias?.number;
  }
  const key = { account, region, name: reference.name, number: number ?? latest };
  const found = number === undefined ? undefined : lambda.store.version(key);
  const version = found instanceof Promise ? await found : found;
  if (version === undefined) {
    // Invoke names the version that it looked for even where the caller named none.
    const shown = reference.qualifier ?? (action === 'InvokeFunction' ? '$LATEST' : undefined);
    throw functionNotFound(functionArn(reference, shown));
  }
  return { ...key, version, reference, alias };
}

/** `$LATEST` within a change, free to be updated. Throws when it is missing, in the middle of an update, or revised. */
export async function latestForUpdate(
  transaction: FunctionTransaction,
  key: FunctionKey,
  revisionId: string | undefined,
): Promise<VersionRecord> {
  const version = await transaction.version({ ...key, number: latest });
  if (version === undefined) throw functionNotFound(functionArn(key));
  if (version.state.value === 'Pending') {
    throw resourceConflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    );
  }
  if (version.lastUpdateStatus?.value === 'InProgress') {
    throw resourceConflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(key)}`,
    );
  }
  if (revisionId !== undefined && revisionId !== version.revisionId) throw preconditionFailed();
  return version;
}

/** Publishes `from` as the next version, unless nothing changed since the one published last; then that one. */
export async function publish(
  transaction: FunctionTransaction,
  key: FunctionKey,
  from: VersionRecord,
  revisionId: string,
  description: string | undefined,
): Promise<{ version: VersionRecord; isNew: boolean }> {
  const last = await transaction.lastPublished(key);
  if (last !== undefined && sameFunction(last, from)) return { version: last, isNew: false };
  const record = (await transaction.function(key))!;
  const version: VersionRecord = {
    ...from,
    number: record.lastNumber + 1,
    revisionId,
    configuration: { ...from.configuration, description: description ?? from.configuration.description },
    latestDescription: from.configuration.description,
  };
  // Code that is still settling makes a version that is still being created, and so does a snapshot to be taken.
  if (from.lastUpdateStatus?.value === 'InProgress' || from.configuration.snapStart === true) {
    version.state = creating;
    delete version.lastUpdateStatus;
  }
  // How its runtime is updated is each version's own.
  delete version.runtimeManagement;
  await transaction.putFunction({ ...record, lastNumber: version.number });
  await transaction.putVersion(key, version);
  return { version, isNew: true };
}

/** Whether `latest` is as it was when `published` was made of it; a description given to the version itself aside. */
function sameFunction(published: VersionRecord, latestNow: VersionRecord): boolean {
  const settings = ({ configuration, latestDescription }: VersionRecord) =>
    JSON.stringify(sorted({ ...configuration, description: latestDescription ?? configuration.description }));
  return published.code.sha256 === latestNow.code.sha256 && settings(published) === settings(latestNow);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/**
 * The runtime version that an update of `current` brings, to `newRuntime` if that is given; undefined when it stays. Throws
 * InvalidParameterValueException for another runtime where a version of the present one is kept for good.
 */
export async function renewedRuntimeHash(
  lambda: Lambda,
  current: VersionRecord,
  newRuntime: string | undefined,
): Promise<string | undefined> {
  const { runtime } = current.configuration;
  if (current.runtimeManagement === 'Manual') {
    if (newRuntime === undefined || newRuntime === runtime) return undefined;
    throw invalidParameter(
      `The runtime cannot be changed to ${newRuntime} while a version of ${runtime} is kept by UpdateRuntimeOn Manual.`,
    );
  }
  if (newRuntime !== undefined) return lambda.runtimeVersionHash(newRuntime);
  return current.runtimeManagement === 'FunctionUpdate' ? lambda.runtimeVersionHash(runtime) : undefined;
}
