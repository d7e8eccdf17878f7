// Provisioned concurrency of a version or alias: what is kept of it, and how far its allocation has come.
import type { OperationsOf } from '../../contracts/index.ts';
import { invalidParameter, resourceConflict } from './errors.ts';
import { limits } from './limits.ts';
import { findQualified, qualifiedNotFound, type QualifiedRows } from './qualified.ts';
import type { FunctionKey, FunctionStore, VersionKey } from './store/index.ts';
import { numberOf } from './versions.ts';

export interface ProvisionedRecord {
  requested: number;
  /** What was allocated when `requested` was set. */
  allocatedBefore: number;
  /** Epoch milliseconds. */
  lastModified: number;
}

type Shown = Required<Pick<OperationsOf<'lambda'>['GetProvisionedConcurrencyConfig']['output'], 'Status'>> &
  OperationsOf<'lambda'>['GetProvisionedConcurrencyConfig']['output'];

/** What is allocated at `now`: Lambda adds environments after a while at a steady rate, and takes them away at once. */
export function allocated({ requested, allocatedBefore, lastModified }: ProvisionedRecord, now: number): number {
  const elapsedMs = now - lastModified - limits.provisionedLeadMs;
  const added = Math.floor((elapsedMs * limits.provisionedPerSecond) / 1000);
  return Math.min(requested, allocatedBefore + Math.max(0, added));
}

/** The record that follows a request for `requested` at `now`. */
export function request(before: ProvisionedRecord | undefined, requested: number, now: number): ProvisionedRecord {
  return { requested, allocatedBefore: before === undefined ? 0 : allocated(before, now), lastModified: now };
}

/** As the operations show it. A request is never answered as ready: it is only just being dealt with. */
export function showProvisioned(record: ProvisionedRecord, now: number): Shown {
  const count = allocated(record, now);
  const ready = count === record.requested && now > record.lastModified;
  return {
    RequestedProvisionedConcurrentExecutions: record.requested,
    AvailableProvisionedConcurrentExecutions: count,
    AllocatedProvisionedConcurrentExecutions: count,
    Status: ready ? 'READY' : 'IN_PROGRESS',
    LastModified: formatTime(record.lastModified),
  };
}

/** `2026-01-31T12:00:00+0000`. */
function formatTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, '+0000');
}

/**
 * Throws ResourceConflictException when others already have environments kept ready for the same version: `overlapping`
 * are their qualifiers, `kind` is what more is asked for.
 */
export function checkOverlap(kind: 'version' | 'alias', overlapping: readonly string[]): void {
  if (overlapping.length === 0) return;
  throw resourceConflict(
    kind === 'alias'
      ? "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
      : 'Version is pointed by a Provisioned Concurrency alias',
  );
}

/** Checks the qualifier of an operation on what is kept ready. Throws for `$LATEST`, and for what is missing. */
export async function checkProvisionable(rows: QualifiedRows, key: FunctionKey, qualifier: string): Promise<void> {
  if (qualifier === '$LATEST') {
    throw invalidParameter('The function resource provided must be an alias or a published version.');
  }
  if ((await findQualified(rows, key, qualifier)) === undefined) throw qualifiedNotFound(key, qualifier);
}

/**
 * Which of the qualifiers that have provisioned concurrency has it for a version: the version itself, or an alias that
 * points to it, whether or not the invocation came by that alias.
 */
export async function holderOf(
  store: Pick<FunctionStore, 'alias'>,
  version: VersionKey,
  qualifiers: readonly string[],
): Promise<string | undefined> {
  for (const qualifier of qualifiers) {
    const number = numberOf(qualifier) ?? (await store.alias(version, qualifier))?.number;
    if (number === version.number) return qualifier;
  }
  return undefined;
}
