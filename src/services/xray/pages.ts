// Pages of lists: an opaque token says where the last page ended.
import { invalidNextToken } from './errors.ts';
import type { TracePlace } from './store/segments.ts';

export function writePlace({ time, id }: TracePlace): string {
  return Buffer.from(`before\n${time}\n${id}`).toString('base64url');
}

/** undefined for the first page. Throws InvalidRequestException. */
export function readPlace(token: string | undefined): TracePlace | undefined {
  if (token === undefined) return undefined;
  const [mark, time, id] = Buffer.from(token, 'base64url').toString().split('\n');
  if (mark !== 'before' || !/^\d{1,16}$/.test(time ?? '') || id === undefined) throw invalidNextToken();
  return { time: Number(time), id };
}

/** Lists that are told whole have no second page. */
export function expectFirstPage(token: string | undefined): void {
  if (token !== undefined) throw invalidNextToken();
}
