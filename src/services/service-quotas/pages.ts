// Pages of lists: an opaque token says where the last page ended.
import { invalidPaginationToken } from './errors.ts';
import { limits } from './limits.ts';

interface PageInput {
  NextToken?: string | undefined;
  MaxResults?: number | undefined;
}

/** How many items a page has. */
export function pageSize(input: PageInput): number {
  return input.MaxResults ?? limits.pageSize;
}

/** The place that a token stands for; undefined for the first page. Throws InvalidPaginationTokenException. */
export function readToken(input: PageInput): string | undefined {
  if (input.NextToken === undefined) return undefined;
  const [mark, place] = Buffer.from(input.NextToken, 'base64').toString().split('\n');
  if (mark !== 'after' || place === undefined) throw invalidPaginationToken();
  return place;
}

export function writeToken(place: string): string {
  return Buffer.from(`after\n${place}`).toString('base64');
}

/** One page of a list that is in memory, in the order of its items' keys. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: PageInput,
): [T[], string | undefined] {
  const after = readToken(input);
  const from = after === undefined ? 0 : items.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== undefined && from === 0) throw invalidPaginationToken();
  const size = pageSize(input);
  const page = items.slice(from, from + size);
  return [page, from + size < items.length ? writeToken(keyOf(page.at(-1)!)) : undefined];
}
