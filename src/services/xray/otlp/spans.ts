// Segments of X-Ray as OpenTelemetry's spans, in the JSON of OTLP.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
import type { Owner } from '../xray.ts';
import { isCall, type SegmentDocument } from '../segment.ts';

type Value =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: Value[] } };

export interface Attribute {
  key: string;
  value: Value;
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 internal, 2 server, 3 client. */
  kind: 1 | 2 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  events?: { timeUnixNano: string; name: string; attributes: Attribute[] }[];
  /** 0 unset, 2 error. */
  status: { code: 0 | 2; message?: string };
}

/** A segment with all in it, of one resource. What has not ended is left out: it is sent again when it has. */
export interface ResourceSpans {
  resource: { attributes: Attribute[] };
  scopeSpans: { scope: { name: string }; spans: Span[] }[];
}

const scope = { name: 'lambent' };

/** `program` is the service that sent a subsegment apart from its segment. */
export function resourceSpansOf(owner: Owner, document: SegmentDocument, program?: string): ResourceSpans | undefined {
  const traceId = (document.trace_id ?? '').replaceAll('-', '').slice(1);
  const spans = [...spansOf(document, traceId, document.parent_id, document.type !== 'subsegment')];
  if (spans.length === 0) return undefined;
  return { resource: { attributes: resourceOf(owner, document, program) }, scopeSpans: [{ scope, spans }] };
}

function resourceOf(
  { account, region }: Owner,
  { name, origin, type, aws, resource_arn: arn }: SegmentDocument,
  program: string | undefined,
) {
  const function_ = aws?.['function_arn'];
  const isFunction = origin === 'AWS::Lambda::Function';
  return attributesOf({
    'service.name': type === 'subsegment' ? program : name,
    'cloud.provider': 'aws',
    'cloud.account.id': account,
    'cloud.region': region,
    'aws.xray.origin': origin,
    'cloud.platform': isFunction ? 'aws_lambda' : undefined,
    'faas.name': isFunction ? name : undefined,
    'cloud.resource_id': arn ?? (typeof function_ === 'string' ? function_ : undefined),
  });
}

function* spansOf(
  segment: SegmentDocument,
  traceId: string,
  parentId: string | undefined,
  isService: boolean,
): Generator<Span> {
  const { id, name, start_time: start, end_time: end } = segment;
  if (end !== undefined && end !== null) {
    const events = eventsOf(segment, end);
    yield {
      traceId,
      spanId: id.toLowerCase(),
      ...(parentId === undefined || parentId === null ? {} : { parentSpanId: parentId.toLowerCase() }),
      name,
      kind: isService ? 2 : isCall(segment) ? 3 : 1,
      startTimeUnixNano: nanoseconds(start),
      endTimeUnixNano: nanoseconds(end),
      attributes: spanAttributes(segment),
      ...(events.length === 0 ? {} : { events }),
      status: { code: segment.fault === true || segment.error === true ? 2 : 0 },
    };
  }
  for (const each of segment.subsegments ?? []) yield* spansOf(each, traceId, id.toLowerCase(), false);
}

function spanAttributes({
  http,
  aws,
  user,
  error,
  fault,
  throttle,
  annotations,
  metadata,
}: SegmentDocument): Attribute[] {
  const { request, response } = http ?? {};
  const attributes = attributesOf({
    'http.request.method': request?.method,
    'url.full': request?.url,
    'user_agent.original': request?.user_agent,
    'client.address': request?.client_ip,
    'http.response.status_code': response?.status,
    'enduser.id': user,
    'aws.request_id': aws?.['request_id'],
    'rpc.method': aws?.['operation'],
    'aws.xray.error': error,
    'aws.xray.fault': fault,
    'aws.xray.throttle': throttle,
    ...annotations,
  });
  if (metadata === undefined || metadata === null) return attributes;
  const told = Object.entries(metadata).map(([key, value]) => [`aws.xray.metadata.${key}`, JSON.stringify(value)]);
  return [...attributes, ...attributesOf(Object.fromEntries(told))];
}

/** Exceptions, as OpenTelemetry tells them. */
function eventsOf({ cause }: SegmentDocument, end: number): NonNullable<Span['events']> {
  if (typeof cause !== 'object' || cause === null) return [];
  return (cause.exceptions ?? []).map(({ type, message, stack }) => ({
    timeUnixNano: nanoseconds(end),
    name: 'exception',
    attributes: attributesOf({
      'exception.type': type,
      'exception.message': message,
      'exception.stacktrace': stack?.map(({ path, line, label }) => `at ${label} (${path}:${line})`).join('\n'),
    }),
  }));
}

/** What is no value of OpenTelemetry is left out. */
function attributesOf(values: Record<string, unknown>): Attribute[] {
  return Object.entries(values).flatMap(([key, given]) => {
    const value = otlpValue(given);
    return value === undefined ? [] : [{ key, value }];
  });
}

function otlpValue(given: unknown): Value | undefined {
  if (typeof given === 'string') return { stringValue: given };
  if (typeof given === 'boolean') return { boolValue: given };
  if (typeof given !== 'number') return undefined;
  return Number.isSafeInteger(given) ? { intValue: String(given) } : { doubleValue: given };
}

/** Of epoch seconds, which are exact to a microsecond. */
function nanoseconds(seconds: number): string {
  return `${Math.round(seconds * 1_000_000)}000`;
}
