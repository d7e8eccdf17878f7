// `GET /metrics`: what functions and queues did since the server's start, in Prometheus's text format 0.0.4.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BufferedMetricSink, MetricTotal } from './metric-sink.ts';

/** A number of this process at the moment. */
export interface Gauge {
  /** E.g. `lambent_environments`. */
  name: string;
  help: string;
  /** Absent: a gauge. */
  type?: 'counter' | 'gauge';
  labels?: Readonly<Record<string, string>>;
  value: number;
}

interface Family {
  type: 'counter' | 'gauge' | 'summary';
  help: string;
  samples: string[];
}

/** How a metric appears: sums and counts grow, the rest is what was measured last. */
interface Appearance {
  name: string;
  type: 'counter' | 'gauge' | 'summary';
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
const namespaces: ReadonlySet<string> = new Set(['AWS/Lambda', 'AWS/SQS']);

/** Sets of dimensions that are told, and their labels. What other sets measure is part of these already. */
const labelled: Readonly<Record<string, readonly string[]>> = {
  FunctionName: ['function'],
  EventSourceMappingUUID: ['event_source_mapping'],
  QueueName: ['queue'],
};

/** Metrics that are told without dimensions, since they are of the whole account. */
const ofAccount: ReadonlySet<string> = new Set(['UnreservedConcurrentExecutions', 'ClaimedAccountConcurrency']);

const gauges: ReadonlySet<string> = new Set([
  'ConcurrentExecutions',
  'UnreservedConcurrentExecutions',
  'ClaimedAccountConcurrency',
  'ProvisionedConcurrentExecutions',
  'ProvisionedConcurrencyUtilization',
  'ProvisionedPollers',
  'ApproximateNumberOfMessagesVisible',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateAgeOfOldestMessage',
]);

/** Gauges that were not measured for so long are no longer true, in seconds. */
const gaugeAgeSeconds = 300;

/** Units as names end with them. */
const suffixes: Readonly<Record<string, string>> = {
  Milliseconds: 'milliseconds',
  Seconds: 'seconds',
  Bytes: 'bytes',
};

/** Answers a scrape; true when it took the request. A request that carries AWS credentials is never one. */
export function servePrometheus(request: IncomingMessage, response: ServerResponse, text: () => string): boolean {
  const url = request.url ?? '';
  if (url !== '/metrics' && !url.startsWith('/metrics?')) return false;
  if ((request.method !== 'GET' && request.method !== 'HEAD') || isAws(request, url)) return false;
  request.resume();
  const body = text();
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
  return true;
}

function isAws({ headers }: IncomingMessage, url: string): boolean {
  if (headers['x-amz-target'] !== undefined || headers['x-amz-date'] !== undefined) return true;
  return /^AWS/.test(headers['authorization'] ?? '') || /[?&](X-Amz-|AWSAccessKeyId=)/.test(url);
}

/** The whole text; `now` in epoch milliseconds. */
export function prometheusText(sink: BufferedMetricSink, own: readonly Gauge[], now: number): string {
  const families = new Map<string, Family>();
  for (const total of sink.totals(namespaces)) addTotal(families, total, now);
  for (const { name, help, type = 'gauge', labels = {}, value } of own) {
    familyOf(families, { name, type }, help).samples.push(sample(name, Object.entries(labels), value));
  }
  return [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { type, help, samples }]) =>
      [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n'),
    )
    .join('');
}

function addTotal(families: Map<string, Family>, total: MetricTotal, now: number): void {
  const labels = labelsOf(total);
  if (labels === undefined) return;
  const appearance = appearanceOf(total);
  const { name, type } = appearance;
  if (type === 'gauge' && now / 1000 - total.lastTime > gaugeAgeSeconds) return;
  const { samples } = familyOf(families, appearance, `${total.namespace} ${total.name}`);
  if (type === 'summary') {
    samples.push(sample(`${name}_sum`, labels, total.sum), sample(`${name}_count`, labels, total.count));
  } else samples.push(sample(name, labels, type === 'counter' ? total.sum : total.last));
}

function labelsOf({ account, region, name, dimensions }: MetricTotal): [string, string][] | undefined {
  const own: [string, string][] = [
    ['account', account],
    ['region', region],
  ];
  if (dimensions.length === 0) return ofAccount.has(name) ? own : undefined;
  const labels = labelled[dimensions.map(([dimension]) => dimension).join(' ')];
  return labels && [...own, ...labels.map((label, index): [string, string] => [label, dimensions[index]![1]])];
}

function appearanceOf({ namespace, name, unit }: MetricTotal): Appearance {
  const service = namespace.slice('AWS/'.length).toLowerCase();
  const words = name.replace(/^(?:Approximate)?(?:NumberOf)?(?=[A-Z])/, '');
  const base = `lambent_${service}_${snake(words)}`;
  const suffix = suffixes[unit];
  const measured = suffix === undefined ? base : `${base}_${suffix}`;
  if (gauges.has(name)) return { name: measured, type: 'gauge' };
  return suffix === undefined ? { name: `${base}_total`, type: 'counter' } : { name: measured, type: 'summary' };
}

function snake(words: string): string {
  return words.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function familyOf(families: Map<string, Family>, { name, type }: Appearance, help: string): Family {
  let family = families.get(name);
  if (family === undefined) {
    family = { type, help, samples: [] };
    families.set(name, family);
  }
  return family;
}

function sample(name: string, labels: readonly (readonly [string, string])[], value: number): string {
  const inner = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`).join(',');
  return `${name}${inner === '' ? '' : `{${inner}}`} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** What Prometheus's own clients tell of every process. */
export function processGauges(startedAt: number): Gauge[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time of the server, in seconds.',
      type: 'counter',
      value: (user + system) / 1e6,
    },
    { name: 'process_resident_memory_bytes', help: 'Resident memory of the server, in bytes.', value: rss },
    { name: 'process_start_time_seconds', help: 'When the server started, in epoch seconds.', value: startedAt / 1000 },
    { name: 'nodejs_heap_size_used_bytes', help: 'Heap that the server uses, in bytes.', value: heapUsed },
  ];
}
