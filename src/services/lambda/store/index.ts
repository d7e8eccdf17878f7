// The only door to Lambda's rows.
import type { Database } from '../../../storage/index.ts';
import { FunctionStore } from './functions.ts';
import { migrations } from './migrations.ts';

export type { AliasRecord } from './aliases.ts';
export type { CodeSigningConfigRecord } from './code-signing.ts';
export type { MappingFilter, MappingRecord, StoredMapping } from './event-source-mappings.ts';
export {
  FunctionStore,
  type FunctionTransaction,
  readConcurrency,
  type RuntimeInUse,
  type StoredVersion,
} from './functions.ts';
export type { FunctionKey, VersionKey } from './keys.ts';
export type { LayerFilter, LayerKey, StoredLayerVersion } from './layers.ts';
export { type SettingKind, type StoredSetting, wholeFunction } from './settings.ts';

export async function openFunctionStore(database: Database): Promise<FunctionStore> {
  await database.migrate('lambda', migrations);
  return new FunctionStore(database);
}
