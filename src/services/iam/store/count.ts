// Counting rows.
import type { Queries, Row, Value } from '../../../storage/index.ts';

/** The number that a query for `COUNT(*) AS n` finds. */
export async function countOf(queries: Queries, sql: string, ...parameters: Value[]): Promise<number> {
  return Number((await queries.get<Row & { n: number }>(sql, ...parameters))!.n);
}
