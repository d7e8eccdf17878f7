// Pages of a caller's log groups, by name.
import type { Caller } from '../service.ts';
import type { LogGroup, Store } from './store/index.ts';
import { parseToken, writeToken } from './tokens.ts';

export interface GroupQuery {
  prefix: string;
  accepts: (name: string) => boolean;
  token: string | undefined;
  limit: number;
}

const groupsPerQuery = 500;

/** The next groups that the query accepts, and the token of those after them. */
export async function pageOfGroups(
  store: Store,
  { account, region }: Caller,
  { prefix, accepts, token, limit }: GroupQuery,
): Promise<{ groups: LogGroup[]; nextToken: string | undefined }> {
  const groups: LogGroup[] = [];
  let after = token === undefined ? '' : parseToken(token, isName)[0];
  for (;;) {
    const some = await store.groups.list(account, region, prefix, after, groupsPerQuery);
    for (const group of some) {
      if (!accepts(group.name)) continue;
      // One more than fits: only now is it certain that there is a next page.
      if (groups.length === limit) return { groups, nextToken: writeToken([groups.at(-1)!.name]) };
      groups.push(group);
    }
    if (some.length < groupsPerQuery) return { groups, nextToken: undefined };
    after = some.at(-1)!.name;
  }
}

function isName(value: unknown): value is [string] {
  return Array.isArray(value) && typeof value[0] === 'string';
}
