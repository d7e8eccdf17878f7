// One page of a kind of setting of a function, in the order of its qualifiers.
import { readMarker, writeMarker } from './marker.ts';
import type { FunctionKey, FunctionStore, SettingKind, StoredSetting } from './store/index.ts';

/** Throws InvalidParameterValueException for a marker that no list gave out. */
export async function settingsPage<T>(
  store: FunctionStore,
  kind: SettingKind,
  { account, region, name }: FunctionKey,
  marker: string | undefined,
  size: number,
): Promise<{ page: StoredSetting<T>[]; next: { NextMarker?: string } }> {
  // The whole function's setting comes first, under the empty qualifier: only no marker at all is before it.
  const after = marker === undefined || marker === '' ? undefined : readMarker(marker).name;
  const found = await store.settings.ofFunction<T>(kind, { account, region, name }, after, size + 1);
  const page = found.slice(0, size);
  const last = page.at(-1);
  const hasMore = found.length > size && last !== undefined;
  return { page, next: hasMore ? { NextMarker: writeMarker(last.qualifier, 0) } : {} };
}
