// Judges a trace by a filter expression.
import type { SegmentDocument } from '../segment.ts';
import { rootsOf, secondsBetween, subsegmentsOf, type Trace } from '../trace.ts';
import { type Edge, edgesOf, type Node, nodesOf } from '../trace-nodes.ts';
import type {
  BooleanKeyword,
  Comparison,
  Expression,
  Literal,
  NumberKeyword,
  ServicePattern,
  StringKeyword,
} from './expression.ts';

/** The filter of a group; undefined when there is none. */
export type GroupFilters = (by: 'name' | 'arn', value: string) => Expression | undefined;

/** What keywords are about: all of a trace, one of its services, or the calls between two. */
interface Subject {
  /** In which status and times are looked for; the first is the one that answered. */
  segments: readonly SegmentDocument[];
  /** In which URLs, users and annotations are looked for. */
  all: readonly SegmentDocument[];
  responseTime: number;
  duration: number;
  node?: Node;
}

export class Evaluation {
  readonly #trace: Trace;
  readonly #groups: GroupFilters;
  #nodes: Node[] | undefined;
  #edges: Edge[] | undefined;
  /** Groups that are being judged: one that is part of itself has nothing. */
  readonly #within = new Set<string>();

  constructor(trace: Trace, groups: GroupFilters) {
    this.#trace = trace;
    this.#groups = groups;
  }

  matches(expression: Expression): boolean {
    const { segments, start, end } = this.#trace;
    const roots = rootsOf(this.#trace);
    const subject = { segments: roots, all: withSubsegments(segments), responseTime: responseTimeOf(roots) };
    return this.#holds(expression, { ...subject, duration: secondsBetween(start, end) });
  }

  #holds(expression: Expression, subject: Subject): boolean {
    switch (expression.kind) {
      case 'and':
        return this.#holds(expression.left, subject) && this.#holds(expression.right, subject);
      case 'or':
        return this.#holds(expression.left, subject) || this.#holds(expression.right, subject);
      case 'not':
        return !this.#holds(expression.operand, subject);
      case 'boolean':
        return this.#is(expression.keyword, subject);
      case 'number':
        return numbersOf(expression.keyword, subject).some((each) =>
          compare(each, expression.comparison, expression.value),
        );
      case 'string':
        return holdsFor(stringsOf(expression.keyword, subject), expression.comparison, expression.value);
      case 'annotation':
        return holdsFor(annotationsOf(expression.key, subject.all), expression.comparison, expression.value);
      case 'group': {
        const filter = this.#groups(expression.by, expression.value);
        const key = `${expression.by} ${expression.value}`;
        if (filter === undefined || this.#within.has(key)) return false;
        this.#within.add(key);
        const isIn = this.matches(filter);
        this.#within.delete(key);
        return isIn;
      }
      case 'service':
        return this.#nodesLike(expression.service).some(
          (node) => expression.filter === undefined || this.#holds(expression.filter, ofNode(node)),
        );
      case 'edge': {
        this.#edges ??= edgesOf(this.#trace);
        return this.#edges.some(
          (edge) =>
            isLike(edge.source, expression.source) &&
            isLike(edge.destination, expression.destination) &&
            (expression.filter === undefined || this.#holds(expression.filter, ofEdge(edge))),
        );
      }
    }
  }

  #is(keyword: BooleanKeyword, { segments, node }: Subject): boolean {
    const each = (test: (segment: SegmentDocument) => boolean) => segments.some(test);
    switch (keyword) {
      case 'ok':
        return !each((segment) => isTrue(segment.fault) || isTrue(segment.error) || isTrue(segment.throttle));
      case 'error':
      case 'fault':
      case 'throttle':
        return each((segment) => isTrue(segment[keyword]));
      case 'partial':
        return node === undefined ? this.#trace.isPartial : each((segment) => segment.in_progress === true);
      case 'inferred':
        return each((segment) => segment.inferred === true);
      case 'remote':
        return each((segment) => segment.origin === 'remote');
      case 'root':
        return each((segment) => rootsOf(this.#trace).includes(segment));
      case 'first':
        return node === undefined || this.#order()[0] === node;
      default:
        return node === undefined || this.#order().at(-1) === node;
    }
  }

  #order(): Node[] {
    this.#nodes ??= nodesOf(this.#trace);
    return this.#nodes;
  }

  #nodesLike(pattern: ServicePattern): Node[] {
    return this.#order().filter((node) => isLike(node, pattern));
  }
}

function ofNode(node: Node): Subject {
  const { segments } = node;
  const responseTime = responseTimeOf(segments);
  return { segments, all: withSubsegments(segments), responseTime, duration: responseTime, node };
}

function ofEdge({ calls, destination }: Edge): Subject {
  const segments = calls.map((call) => call.answer);
  const responseTime = responseTimeOf(segments);
  return { segments, all: withSubsegments(segments), responseTime, duration: responseTime, node: destination };
}

function isLike(node: Node, { name, type, accountId }: ServicePattern): boolean {
  if (name !== undefined && node.name !== name) return false;
  if (type !== undefined && node.type !== type) return false;
  return accountId === undefined || node.accountId === accountId;
}

function withSubsegments(segments: readonly SegmentDocument[]): SegmentDocument[] {
  return segments.flatMap((segment) => [segment, ...subsegmentsOf(segment)]);
}

/** Seconds that the longest took. */
function responseTimeOf(segments: readonly SegmentDocument[]): number {
  return Math.max(0, ...segments.map((each) => secondsBetween(each.start_time, each.end_time ?? each.start_time)));
}

function isTrue(flag: unknown): boolean {
  return flag === true;
}

function numbersOf(keyword: NumberKeyword, { all, responseTime, duration }: Subject): number[] {
  if (keyword === 'responsetime') return [responseTime];
  if (keyword === 'duration') return [duration];
  return all.map((each) => each.http?.response?.status).filter((status) => typeof status === 'number');
}

function stringsOf(keyword: StringKeyword, { all, segments, node }: Subject): string[] {
  const found = (read: (segment: SegmentDocument) => unknown, within = all) =>
    within.map(read).filter((value) => typeof value === 'string');
  switch (keyword) {
    case 'http.url':
      return found((each) => each.http?.request?.url);
    case 'http.method':
      return found((each) => each.http?.request?.method);
    case 'http.useragent':
      return found((each) => each.http?.request?.user_agent);
    case 'http.clientip':
      return found((each) => each.http?.request?.client_ip);
    case 'user':
      return found((each) => each.user);
    case 'name':
      return node === undefined ? found((each) => each.name, segments) : [node.name];
    case 'type':
      return node === undefined ? found((each) => each.origin, segments) : [node.type ?? ''];
    case 'resource.arn':
      return found((each) => each.resource_arn);
    case 'message':
      return all.flatMap(({ cause }) =>
        typeof cause === 'object' && cause !== null ? (cause.exceptions ?? []).map((each) => each.message ?? '') : [],
      );
    case 'availabilityzone':
      return found((each) => memberOf(each.aws?.['ec2'], 'availability_zone'));
    case 'instance.id':
      return found((each) => memberOf(each.aws?.['ec2'], 'instance_id'));
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function annotationsOf(key: string, all: readonly SegmentDocument[]): Literal[] {
  return all
    .map((each) => each.annotations?.[key])
    .filter((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
}

/** Whether one of the values compares so; for `!=`, whether there is one and none is equal. Alone: whether there is one. */
function holdsFor(values: readonly Literal[], comparison: Comparison | undefined, value: Literal | undefined): boolean {
  if (comparison === undefined) return values.length > 0;
  if (comparison === '!=') return values.length > 0 && !values.some((each) => compare(each, '=', value!));
  return values.some((each) => compare(each, comparison, value!));
}

/** Types are never converted: the number 5 is not the string "5". */
function compare(actual: Literal, comparison: Comparison, wanted: Literal): boolean {
  if (typeof actual !== typeof wanted) return comparison === '!=';
  switch (comparison) {
    case '=':
      return actual === wanted;
    case '!=':
      return actual !== wanted;
    case '<':
      return actual < wanted;
    case '<=':
      return actual <= wanted;
    case '>':
      return actual > wanted;
    case '>=':
      return actual >= wanted;
    case 'CONTAINS':
      return String(actual).includes(String(wanted));
    case 'BEGINSWITH':
      return String(actual).startsWith(String(wanted));
    case 'ENDSWITH':
      return String(actual).endsWith(String(wanted));
  }
}
