// The services of a trace and the calls between them.
import type { SegmentDocument } from './segment.ts';
import { subsegmentsOf, type Trace } from './trace.ts';

/** A service that took part in a trace, or in several. */
export interface Node {
  name: string;
  /** `AWS::Lambda::Function`, `remote`, …; undefined for a program of its own. */
  type: string | undefined;
  /** Of a resource of AWS. */
  accountId: string | undefined;
  segments: SegmentDocument[];
}

/** All calls from one service to another. */
export interface Edge {
  source: Node;
  destination: Node;
  calls: Call[];
}

export interface Call {
  /** The segment or subsegment that made it. */
  caller: SegmentDocument;
  /** The segment that answered. */
  answer: SegmentDocument;
}

/** In the order in which they began. */
export function nodesOf(trace: Trace): Node[] {
  const nodes = new Map<string, Node>();
  for (const segment of trace.segments) {
    const key = nodeKey(segment);
    const node = nodes.get(key);
    if (node === undefined) nodes.set(key, newNode(segment));
    else node.segments.push(segment);
  }
  return [...nodes.values()];
}

export function edgesOf(trace: Trace): Edge[] {
  const nodes = new Map(nodesOf(trace).map((node) => [nodeKey(node.segments[0]!), node]));
  const holder = new Map<string, { segment: SegmentDocument; part: SegmentDocument }>();
  for (const segment of trace.segments) {
    for (const part of [segment, ...subsegmentsOf(segment)]) holder.set(part.id, { segment, part });
  }
  const edges = new Map<string, Edge>();
  for (const answer of trace.segments) {
    const called = answer.parent_id === undefined ? undefined : holder.get(answer.parent_id);
    if (called === undefined || called.segment === answer) continue;
    const [from, to] = [nodeKey(called.segment), nodeKey(answer)];
    const key = `${from}\n${to}`;
    const call = { caller: called.part, answer };
    const edge = edges.get(key);
    if (edge === undefined) edges.set(key, { source: nodes.get(from)!, destination: nodes.get(to)!, calls: [call] });
    else edge.calls.push(call);
  }
  return [...edges.values()];
}

function newNode(segment: SegmentDocument): Node {
  return { name: segment.name, type: segment.origin, accountId: accountOf(segment), segments: [segment] };
}

/** Segments of one key are of one service. */
export function nodeKey(segment: SegmentDocument): string {
  return JSON.stringify([segment.name, segment.origin ?? '', accountOf(segment) ?? '']);
}

function accountOf({ aws, resource_arn: arn }: SegmentDocument): string | undefined {
  const told = aws?.['account_id'];
  if (typeof told === 'string') return told;
  return arn?.split(':')[4] || undefined;
}
