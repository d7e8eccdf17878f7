// The version or alias that a qualifier names, for what belongs to one qualifier and changes with its revision.
import { functionNotFound, resourceNotFound } from './errors.ts';
import { functionArn } from './function-name.ts';
import { latest, type VersionRecord } from './function-record.ts';
import type { AliasRecord, FunctionKey, FunctionTransaction, VersionKey } from './store/index.ts';
import { numberOf } from './versions.ts';

export type Qualified =
  | { kind: 'version'; version: VersionRecord; revisionId: string }
  | { kind: 'alias'; alias: AliasRecord; revisionId: string };

/** Rows to look in: the store's, or those of a change. */
export interface QualifiedRows {
  version(key: VersionKey): VersionRecord | undefined | Promise<VersionRecord | undefined>;
  aliases: { get(key: FunctionKey, alias: string): Promise<AliasRecord | undefined> };
}

/** What AWS takes for the name of an alias: anything but a number. */
export const aliasName = /^(?!\d+$)[a-zA-Z0-9-_]+$/;

/** What `qualifier` names, `$LATEST` where there is none; undefined when that is missing. */
export async function findQualified(
  rows: QualifiedRows,
  { account, region, name }: FunctionKey,
  qualifier: string | undefined,
): Promise<Qualified | undefined> {
  const key = { account, region, name };
  const number = numberOf(qualifier);
  if (number === undefined) {
    const alias = await rows.aliases.get(key, qualifier!);
    return alias === undefined ? undefined : { kind: 'alias', alias, revisionId: alias.revisionId };
  }
  const version = await rows.version({ ...key, number });
  return version === undefined ? undefined : { kind: 'version', version, revisionId: version.revisionId };
}

/** How AWS tells that an operation's qualifier names nothing. */
export function qualifiedNotFound(key: FunctionKey, qualifier: string | undefined): Error {
  const arn = functionArn(key, qualifier);
  const isAlias = qualifier !== undefined && aliasName.test(qualifier);
  return isAlias ? resourceNotFound(`Cannot find alias arn: ${arn}`) : functionNotFound(arn);
}

/** Whether the function itself exists. */
export async function functionExistsIn(rows: QualifiedRows, { account, region, name }: FunctionKey): Promise<boolean> {
  return (await rows.version({ account, region, name, number: latest })) !== undefined;
}

/** Gives what was found a new revision. */
export async function revise(
  transaction: FunctionTransaction,
  { account, region, name }: FunctionKey,
  found: Qualified,
  revisionId: string,
): Promise<void> {
  const key = { account, region, name };
  if (found.kind === 'alias') await transaction.aliases.put(key, { ...found.alias, revisionId });
  else await transaction.putVersion(key, { ...found.version, revisionId });
}
