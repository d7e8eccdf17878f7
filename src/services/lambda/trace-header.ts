// The X-Ray trace header of an invocation, and the lineage in it by which loops are found: how many invocations the chain
// has, and how often it came by each function before. SDKs in functions pass it on.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';

/** A trace header without a lineage: `Root=1-<8 hex of epoch seconds>-<24 hex>;Parent=<16 hex>;Sampled=0`. */
export function newTraceHeader(clock: Clock, ids: Ids): string {
  const seconds = Math.floor(clock.now() / 1000).toString(16);
  const random = ids.hex(20);
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24, 40)};Sampled=0`;
}

export interface Visit {
  /** What the function is given. */
  header: string;
  /** How often the chain came by the function before. */
  before: number;
}

/** Functions of a chain that are counted; a loop of more is not found. */
const countedFunctions = 32;
const mostInvocations = 32_767;

/** Counts a visit of the function onto the header that an invocation came with: `…;Lineage=<invocations>:<function>:<before>`. */
export function visit(header: string, functionArn: string): Visit {
  const own = lineageId(functionArn);
  const start = header.indexOf('Lineage=');
  if (start === -1) return { header: `${header};Lineage=1:${own}:0`, before: 0 };
  const { rest, invocations, counts } = parseLineage(header);
  const last = counts.get(own);
  const before = last === undefined ? 0 : last + 1;
  counts.delete(own);
  counts.set(own, before);
  const listed = [...counts].slice(-countedFunctions).map(([id, count]) => `${id}:${count}`);
  const lineage = `Lineage=${Math.min(mostInvocations, invocations + 1)}:${listed.join(',')}`;
  return { header: rest === '' ? lineage : `${rest};${lineage}`, before };
}

function parseLineage(header: string): { rest: string; invocations: number; counts: Map<string, number> } {
  const rest: string[] = [];
  const counts = new Map<string, number>();
  let invocations = 0;
  for (const field of header.split(';')) {
    const lineage = /^\s*Lineage=(?:(\d{1,5}):)?((?:[0-9a-f]{8}:\d{1,5}(?:[,|]|%7C)?)*)$/i.exec(field);
    if (lineage === null) {
      if (field !== '' && !field.trimStart().startsWith('Lineage=')) rest.push(field);
      continue;
    }
    invocations = Number(lineage[1] ?? 0);
    for (const [, id, count] of lineage[2]!.matchAll(/([0-9a-f]{8}):(\d{1,5})/gi)) counts.set(id!, Number(count));
  }
  return { rest: rest.join(';'), invocations, counts };
}

const ids = new Map<string, string>();
const keptIds = 10_000;

/** Eight hexadecimal digits that stand for a function. */
function lineageId(functionArn: string): string {
  let id = ids.get(functionArn);
  if (id === undefined) {
    id = createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
    if (ids.size >= keptIds) ids.clear();
    ids.set(functionArn, id);
  }
  return id;
}
