// Ids that are never used twice.
import type { Queries } from '../../../storage/index.ts';

/** The next id of a kind of row; only within a transaction. */
export async function nextId(queries: Queries, kind: 'group' | 'stream' | 'delivery'): Promise<number> {
  const row = await queries.get<{ last: number }>(
    'UPDATE log_counter SET last = last + 1 WHERE name = ? RETURNING last',
    kind,
  );
  return row!.last;
}
