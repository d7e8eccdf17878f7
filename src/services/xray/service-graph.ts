// The services of traces, the calls between them, and how they fared.
import type { OperationsOf } from '../../contracts/index.ts';
import type { SegmentDocument } from './segment.ts';
import { rootsOf, type Trace } from './trace.ts';
import { edgesOf, type Node, nodeKey, nodesOf } from './trace-nodes.ts';

type Service = NonNullable<OperationsOf<'xray'>['GetTraceGraph']['output']['Services']>[number];

/** Seconds, to which response times are rounded in histograms. */
const histogramStep = 0.001;

class Statistics {
  #ok = 0;
  #throttles = 0;
  #errors = 0;
  #faults = 0;
  #responseTime = 0;
  readonly #histogram = new Map<number, number>();
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  add(segment: SegmentDocument): void {
    const { start_time: start, end_time: end } = segment;
    this.#from = Math.min(this.#from, start);
    this.#to = Math.max(this.#to, end ?? start);
    if (segment.fault === true) this.#faults++;
    else if (segment.throttle === true) this.#throttles++;
    else if (segment.error === true) this.#errors++;
    else this.#ok++;
    if (end === undefined) return;
    this.#responseTime += end - start;
    const step = Math.round((end - start) / histogramStep) * histogramStep;
    this.#histogram.set(step, (this.#histogram.get(step) ?? 0) + 1);
  }

  show() {
    const errors = this.#errors + this.#throttles;
    return {
      StartTime: new Date(this.#from * 1000),
      EndTime: new Date(this.#to * 1000),
      SummaryStatistics: {
        OkCount: this.#ok,
        ErrorStatistics: { ThrottleCount: this.#throttles, OtherCount: this.#errors, TotalCount: errors },
        FaultStatistics: { OtherCount: this.#faults, TotalCount: this.#faults },
        TotalCount: this.#ok + errors + this.#faults,
        TotalResponseTime: Math.round(this.#responseTime * 1000) / 1000,
      },
      ResponseTimeHistogram: this.histogram(),
    };
  }

  histogram() {
    const entries = [...this.#histogram].sort(([a], [b]) => a - b);
    return entries.map(([value, Count]) => ({ Value: Math.round(value * 1000) / 1000, Count }));
  }
}

interface GraphNode {
  node: Node;
  isRoot: boolean;
  statistics: Statistics;
  /** By the key of the destination. */
  edges: Map<string, Statistics>;
}

const clientKey = (key: string) => `client of ${key}`;

/** What calls from outside is shown as a node of its own, of type `client`, before each service that it called. */
export function serviceGraph(traces: readonly Trace[]): Service[] {
  const nodes = new Map<string, GraphNode>();
  const at = (key: string, node: Node): GraphNode => {
    let found = nodes.get(key);
    if (found === undefined) {
      found = { node, isRoot: false, statistics: new Statistics(), edges: new Map() };
      nodes.set(key, found);
    }
    return found;
  };
  for (const trace of traces) {
    for (const node of nodesOf(trace)) {
      const { statistics } = at(nodeKey(node.segments[0]!), node);
      for (const segment of node.segments) statistics.add(segment);
    }
    for (const { source, destination, calls } of edgesOf(trace)) {
      const graphNode = at(nodeKey(source.segments[0]!), source);
      for (const call of calls) addCall(graphNode, nodeKey(destination.segments[0]!), call.answer);
    }
    for (const root of rootsOf(trace)) {
      const key = nodeKey(root);
      nodes.get(key)!.isRoot = true;
      const client = at(clientKey(key), { ...nodes.get(key)!.node, type: 'client' });
      client.statistics.add(root);
      addCall(client, key, root);
    }
  }
  const references = new Map(Array.from(nodes.keys(), (key, index) => [key, index]));
  return Array.from(nodes, ([key, each]) => show(references.get(key)!, each, references));
}

function addCall({ edges }: GraphNode, destination: string, answer: SegmentDocument): void {
  let statistics = edges.get(destination);
  if (statistics === undefined) {
    statistics = new Statistics();
    edges.set(destination, statistics);
  }
  statistics.add(answer);
}

function show(
  ReferenceId: number,
  { node, isRoot, statistics, edges }: GraphNode,
  references: ReadonlyMap<string, number>,
): Service {
  const Edges = Array.from(edges, ([to, each]) => ({
    ReferenceId: references.get(to)!,
    ...each.show(),
    Aliases: [],
    ReceivedEventAgeHistogram: [],
  }));
  const { name, type, accountId } = node;
  const { StartTime, EndTime, SummaryStatistics, ResponseTimeHistogram } = statistics.show();
  const common = { ReferenceId, Name: name, Names: [name], State: 'active', Edges, StartTime, EndTime };
  if (type === 'client') return { ...common, Type: type };
  return {
    ...common,
    ...(isRoot ? { Root: true } : {}),
    ...(type === undefined ? {} : { Type: type }),
    ...(accountId === undefined ? {} : { AccountId: accountId }),
    SummaryStatistics,
    DurationHistogram: ResponseTimeHistogram,
    ResponseTimeHistogram,
  };
}
