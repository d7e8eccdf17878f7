// What Lambda does on its own clock: settle functions that were created or updated, and clear away unused code.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { EventSources, PolledMapping } from '../../event-sources/index.ts';
import type { Execution } from '../../execution/index.ts';
import type { CodeFolders } from './code-folders.ts';
import { settledState } from './event-source-mapping.ts';
import { active, isSettled, updated, type VersionRecord } from './function-record.ts';
import type { LayerFolders } from './layer-folders.ts';
import type { FunctionStore, StoredMapping, VersionKey } from './store/index.ts';

export interface BackgroundParts {
  store: FunctionStore;
  code: CodeFolders;
  layerFolders: LayerFolders;
  execution: Execution;
  eventSources: EventSources;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Keeps interpreters ready as this version needs them. Never rejects. */
  prepareFunction(version: VersionRecord): Promise<void>;
}

/** How long code outlives the last version that had it. */
const graceMs = 1_000;

/** Pending becomes Active and InProgress Successful, under a new revision. */
export async function settleVersion(
  key: VersionKey,
  { store, ids, log, prepareFunction }: BackgroundParts,
): Promise<void> {
  try {
    await store.change(async (transaction) => {
      const version = await transaction.version(key);
      if (version === undefined || isSettled(version)) return;
      if (version.configuration.packageType !== 'Image') void prepareFunction(version);
      await transaction.putVersion(key, {
        ...version,
        revisionId: ids.uuid(),
        state: active,
        lastUpdateStatus: updated,
      });
    });
  } catch (error) {
    log.error({ err: error, function: key.name }, 'a function could not be settled');
  }
}

/** An event source mapping comes to the state that it was on its way to, or is gone: once its poller has. */
export async function settleMapping(
  { account, region, uuid }: Omit<StoredMapping, 'record'>,
  { store, eventSources, log }: BackgroundParts,
): Promise<void> {
  try {
    const changed = await store.mappings.get(account, region, uuid);
    if (changed === undefined) return;
    if (settledState(changed) === 'Enabled') eventSources.start(polled({ account, region, uuid, record: changed }));
    else await eventSources.stop(uuid);
    await store.change(async ({ mappings }) => {
      const record = await mappings.get(account, region, uuid);
      if (record === undefined) return;
      const state = settledState(record);
      if (state === undefined) await mappings.delete(account, region, uuid);
      else await mappings.put({ account, region, uuid, record: { ...record, state } });
    });
  } catch (error) {
    log.error({ err: error, mapping: uuid }, 'an event source mapping could not be settled');
  }
}

function polled({ account, region, uuid, record: { kind, functionArn, settings } }: StoredMapping): PolledMapping {
  return { account, region, uuid, kind, functionArn, settings };
}

/** Ends environments that serve outdated code or configuration, then deletes code that nothing uses any more. */
export async function retireAndDiscard(
  isOutdated: Parameters<Execution['retire']>[0],
  codeHashes: readonly string[],
  { code, layerFolders, execution, clock, log }: BackgroundParts,
): Promise<void> {
  try {
    // Held, since another retirement of the same code, under other settings, may be over sooner.
    const work = async () => {
      await execution.retire(isOutdated);
      // A request that found the old version before it was replaced may only now be placing its invocation.
      await new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await execution.retire(isOutdated);
    };
    await code.holdWhile(codeHashes, () => layerFolders.holdWhile(codeHashes, work));
  } catch (error) {
    log.error({ err: error }, 'unused code could not be cleared away');
  }
}

/** Deletes packages that nothing needs any more and no environment shows. */
export async function discard(codeHashes: readonly string[], { code, log }: BackgroundParts): Promise<void> {
  try {
    await code.holdWhile(codeHashes, async () => {});
  } catch (error) {
    log.error({ err: error }, 'unused code could not be cleared away');
  }
}

/** After a start: settles what a crash interrupted, and deletes what nothing uses. */
export async function recover(parts: BackgroundParts): Promise<void> {
  for (const version of await parts.store.unsettled()) await settleVersion(version, parts);
  for (const mapping of await parts.store.mappings.unsettled()) await settleMapping(mapping, parts);
  for (const mapping of await parts.store.mappings.enabled()) parts.eventSources.start(polled(mapping));
  await parts.code.sweep();
  await parts.layerFolders.sweep();
}

/** After the interpreter of `runtime` was replaced: the versions that follow their runtime tell the new one. */
export async function followRuntime(runtime: string, versionHash: string, { store }: BackgroundParts): Promise<void> {
  for (const stored of await store.withOtherRuntimeVersion(runtime, versionHash)) {
    await store.change(async (transaction) => {
      const version = await transaction.version(stored);
      if (version?.configuration.runtime !== runtime || version.runtimeManagement !== undefined) return;
      await transaction.putVersion(stored, { ...version, runtimeVersionHash: versionHash });
    });
  }
}
