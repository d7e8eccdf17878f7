// Provisioned concurrency of a version or alias: what is asked for, how it is shared out, and how far it has come.
import type { OperationsOf } from '../../contracts/index.ts';
import type { ProvisionedState } from '../../execution/index.ts';
import { invalidParameter, resourceConflict } from './errors.ts';
import { findQualified, qualifiedNotFound, type QualifiedRows } from './qualified.ts';
import type { AliasRecord, FunctionKey, FunctionStore, VersionKey } from './store/index.ts';
import { numberOf } from './versions.ts';

export interface ProvisionedRecord {
  requested: number;
  /** Epoch milliseconds. */
  lastModified: number;
}

type Shown = Required<Pick<OperationsOf<'lambda'>['GetProvisionedConcurrencyConfig']['output'], 'Status'>> &
  OperationsOf<'lambda'>['GetProvisionedConcurrencyConfig']['output'];

/** As the operations show it: `state` is what is really there. */
export function showProvisioned(record: ProvisionedRecord, state: ProvisionedState | undefined): Shown {
  // What is there may be of the request before.
  const isCurrent = state?.requestedAt === record.lastModified;
  const failure = isCurrent ? state.failure : undefined;
  const isReady = isCurrent && state.isSettled;
  return {
    RequestedProvisionedConcurrentExecutions: record.requested,
    AvailableProvisionedConcurrentExecutions: Math.min(state?.available ?? 0, record.requested),
    AllocatedProvisionedConcurrentExecutions: Math.min(state?.allocated ?? 0, record.requested),
    Status: failure !== undefined ? 'FAILED' : isReady ? 'READY' : 'IN_PROGRESS',
    ...(failure === undefined ? {} : { StatusReason: failure }),
    LastModified: formatTime(record.lastModified),
  };
}

/** Whose environments an alias's or a version's are, by version number: an alias with two versions shares by their weights. */
export function sharesOf(requested: number, pointsTo: Pick<AliasRecord, 'number' | 'routing'>): Map<number, number> {
  const { number, routing } = pointsTo;
  if (routing === undefined) return new Map([[number, requested]]);
  const second = Math.round(requested * routing.weight);
  return new Map([
    [number, requested - second],
    [routing.number, second],
  ]);
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
    const number = numberOf(qualifier);
    if (number === version.number) return qualifier;
    if (number !== undefined) continue;
    const alias = await store.alias(version, qualifier);
    if (alias?.number === version.number || alias?.routing?.number === version.number) return qualifier;
  }
  return undefined;
}
