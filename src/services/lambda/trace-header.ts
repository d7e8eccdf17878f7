// The X-Ray trace header of an invocation, and the lineage in it by which loops are found: how many invocations the chain
// has, and how often it came by each function before. SDKs in functions pass it on.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';

/** What a trace header says; other fields of it are kept as they came. */
export interface TraceFields {
  /** `1-<8 hexadecimal digits>-<24>` where it is rightly made. */
  root: string | undefined;
  /** Id of the segment that it comes from. */
  parent: string | undefined;
  /** undefined where that is still to be decided. */
  isSampled: boolean | undefined;
  /** `;Name=value` for each other field. */
  rest: string;
}

const noFields: TraceFields = { root: undefined, parent: undefined, isSampled: undefined, rest: '' };

/** Reads `Root=…;Parent=…;Sampled=0|1|?`; names are known in any case. */
export function readTraceHeader(header: string | undefined): TraceFields {
  if (header === undefined) return noFields;
  const fields: TraceFields = { ...noFields };
  for (const field of header.split(';')) {
    const [name, value] = splitOnce(field.trim());
    if (/^root$/i.test(name)) fields.root = value;
    else if (/^parent$/i.test(name)) fields.parent = value;
    else if (/^sampled$/i.test(name)) fields.isSampled = value === '1' ? true : value === '0' ? false : undefined;
    else if (name !== '') fields.rest += `;${field.trim()}`;
  }
  return fields;
}

function splitOnce(field: string): [string, string] {
  const at = field.indexOf('=');
  return at === -1 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}

export function writeTraceHeader({ root, parent, isSampled, rest }: TraceFields): string {
  const ofParent = parent === undefined ? '' : `;Parent=${parent}`;
  return `Root=${root}${ofParent}${isSampled === undefined ? '' : `;Sampled=${isSampled ? 1 : 0}`}${rest}`;
}

/** Id of a new trace: `1-<8 hexadecimal digits of epoch seconds>-<24>`. */
export function newTraceId(clock: Clock, ids: Ids): string {
  return `1-${Math.floor(clock.now() / 1000).toString(16)}-${ids.hex(12)}`;
}

const wellFormed = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;

export function isTraceId(root: string | undefined): root is string {
  return root !== undefined && wellFormed.test(root);
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
