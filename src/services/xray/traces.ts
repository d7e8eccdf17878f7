// Reads traces from what is stored.
import { type Expression, parseFilter } from './filter-expression/index.ts';
import type { SegmentDocument } from './segment.ts';
import { assembleTrace, type Trace } from './trace.ts';
import type { Owner, XRay } from './xray.ts';

/** undefined for a trace that is not there. */
export async function readTrace({ segments }: Pick<XRay, 'segments'>, owner: Owner, id: string) {
  const texts = await segments.documents(owner, id);
  return texts.length === 0 ? undefined : traceOf(id, texts);
}

function traceOf(id: string, texts: readonly string[]): Trace {
  return assembleTrace(
    id,
    texts.map((text) => JSON.parse(text) as SegmentDocument),
  );
}

/** The filters of an account's groups, each read once. */
export function groupFilters({ resources }: Pick<XRay, 'resources'>, owner: Owner) {
  const read = new Map<string, Expression | undefined>();
  return (by: 'name' | 'arn', value: string): Expression | undefined => {
    // The name of a group comes before the id in its ARN.
    const name = by === 'name' ? value : (/:group\/([^/]+)\//.exec(value)?.[1] ?? '');
    if (!read.has(name)) {
      const expression = resources.get(owner, 'group', name)?.filterExpression;
      read.set(name, expression === undefined ? undefined : parseFilter(expression));
    }
    return read.get(name);
  };
}
