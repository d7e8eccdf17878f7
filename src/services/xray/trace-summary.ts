// What GetTraceSummaries tells of a trace.
import type { OperationsOf } from '../../contracts/index.ts';
import { limits } from './limits.ts';
import { timeOfTrace, type SegmentDocument } from './segment.ts';
import { rootsOf, secondsBetween, subsegmentsOf, type Trace } from './trace.ts';
import { type Node, nodesOf } from './trace-nodes.ts';

type Summary = NonNullable<OperationsOf<'xray'>['GetTraceSummaries']['output']['TraceSummaries']>[number];
type ServiceId = NonNullable<Summary['ServiceIds']>[number];

export function summaryOf(trace: Trace): Summary {
  const { segments, start, end } = trace;
  const roots = rootsOf(trace);
  const root = roots[0] ?? segments[0]!;
  const nodes = nodesOf(trace);
  const all = segments.flatMap((segment) => [segment, ...subsegmentsOf(segment)]);
  const is = (flag: 'fault' | 'error' | 'throttle') => roots.some((segment) => segment[flag] === true);
  return {
    Id: trace.id,
    StartTime: new Date(timeOfTrace(trace.id) || start * 1000),
    Duration: secondsBetween(start, end),
    ResponseTime: secondsBetween(root.start_time, root.end_time ?? root.start_time),
    HasFault: is('fault'),
    HasError: is('error'),
    HasThrottle: is('throttle'),
    IsPartial: trace.isPartial,
    Http: httpOf(root),
    Annotations: annotationsOf(nodes),
    Users: usersOf(nodes),
    ServiceIds: nodes.map(serviceId),
    ResourceARNs: distinct(all.map((each) => each.resource_arn ?? functionArnOf(each))).map((ARN) => ({ ARN })),
    InstanceIds: distinct(all.map((each) => ec2Of(each)['instance_id'])).map((Id) => ({ Id })),
    AvailabilityZones: distinct(all.map((each) => ec2Of(each)['availability_zone'])).map((Name) => ({ Name })),
    EntryPoint: serviceId(nodes.find((node) => node.segments.includes(root))!),
    Revision: segments.length,
    MatchedEventTime: new Date(start * 1000),
  };
}

export function serviceId({ name, type, accountId }: Node): ServiceId {
  return {
    Name: name,
    Names: [name],
    ...(accountId === undefined ? {} : { AccountId: accountId }),
    ...(type === undefined ? {} : { Type: type }),
  };
}

function httpOf({ http }: SegmentDocument): NonNullable<Summary['Http']> {
  const { request, response } = http ?? {};
  return {
    ...(typeof request?.url === 'string' ? { HttpURL: request.url } : {}),
    ...(typeof response?.status === 'number' ? { HttpStatus: response.status } : {}),
    ...(typeof request?.method === 'string' ? { HttpMethod: request.method } : {}),
    ...(typeof request?.user_agent === 'string' ? { UserAgent: request.user_agent } : {}),
    ...(typeof request?.client_ip === 'string' ? { ClientIp: request.client_ip } : {}),
  };
}

/** The values of each annotation, and the services that said so. */
function annotationsOf(nodes: readonly Node[]): NonNullable<Summary['Annotations']> {
  const found = new Map<string, Map<unknown, Node[]>>();
  for (const [node, segment] of partsOf(nodes)) {
    for (const [key, value] of Object.entries(segment.annotations ?? {})) {
      if (!['string', 'number', 'boolean'].includes(typeof value)) continue;
      let values = found.get(key);
      if (values === undefined) {
        if (found.size >= limits.annotationsPerTrace) continue;
        values = new Map();
        found.set(key, values);
      }
      const holders = values.get(value) ?? [];
      if (!holders.includes(node)) values.set(value, [...holders, node]);
    }
  }
  return Object.fromEntries(
    Array.from(found, ([key, values]) => [
      key,
      Array.from(values, ([value, holders]) => ({
        AnnotationValue: annotationValue(value),
        ServiceIds: holders.map(serviceId),
      })),
    ]),
  );
}

function annotationValue(value: unknown) {
  if (typeof value === 'number') return { NumberValue: value };
  if (typeof value === 'boolean') return { BooleanValue: value };
  return { StringValue: String(value) };
}

function usersOf(nodes: readonly Node[]): NonNullable<Summary['Users']> {
  const found = new Map<string, Node[]>();
  for (const [node, { user }] of partsOf(nodes)) {
    if (typeof user !== 'string') continue;
    const holders = found.get(user) ?? [];
    if (!holders.includes(node)) found.set(user, [...holders, node]);
  }
  return Array.from(found, ([UserName, holders]) => ({ UserName, ServiceIds: holders.map(serviceId) }));
}

function* partsOf(nodes: readonly Node[]): Generator<[Node, SegmentDocument]> {
  for (const node of nodes) {
    for (const segment of node.segments) {
      yield [node, segment];
      for (const each of subsegmentsOf(segment)) yield [node, each];
    }
  }
}

function functionArnOf({ origin, aws }: SegmentDocument): unknown {
  return origin === undefined ? undefined : aws?.['function_arn'];
}

function ec2Of({ aws }: SegmentDocument): Record<string, unknown> {
  const ec2 = aws?.['ec2'];
  return typeof ec2 === 'object' && ec2 !== null ? (ec2 as Record<string, unknown>) : {};
}

function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}
