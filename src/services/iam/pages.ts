// Lists in pages: MaxItems of them at a time, a marker that says after which key the next page begins.
import { validationError } from './errors.ts';
import { limits } from './limits.ts';

export interface PageRequest {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

export interface Page<T> {
  items: T[];
  /** What every list answers beside its items. */
  rest: { IsTruncated: boolean; Marker?: string };
}

/** The page of `items` that `request` asks for, in the order of their keys. A key deleted meanwhile does no harm. */
export function page<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const after = request.Marker === undefined ? undefined : keyOfMarker(request.Marker);
  const ordered = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const wanted = ordered.slice(0, request.MaxItems ?? limits.pageSize);
  const truncated = wanted.length < ordered.length;
  return {
    items: wanted.map(({ item }) => item),
    rest: truncated ? { IsTruncated: true, Marker: markerOf(wanted.at(-1)!.key) } : { IsTruncated: false },
  };
}

function markerOf(key: string): string {
  return Buffer.from(key).toString('base64');
}

function keyOfMarker(marker: string): string {
  const key = Buffer.from(marker, 'base64').toString();
  if (markerOf(key) !== marker) throw validationError('Invalid Marker.');
  return key;
}
