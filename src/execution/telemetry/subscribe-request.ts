// What an extension asks for when it subscribes, checked.
// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api-reference.html
import { type TelemetryType, telemetryTypes } from './event.ts';

export type TelemetryApi = 'telemetry' | 'logs';

export interface Buffering {
  maxItems: number;
  maxBytes: number;
  timeoutMs: number;
}

export type Destination =
  | { protocol: 'HTTP'; port: number; path: string; host: string; method: 'POST' | 'PUT' }
  | { protocol: 'TCP'; port: number };

export interface SubscribeRequest {
  api: TelemetryApi;
  schemaVersion: string;
  types: TelemetryType[];
  buffering: Buffering;
  destination: Destination;
}

const schemaVersions: Record<TelemetryApi, readonly string[]> = {
  telemetry: ['2022-07-01', '2022-12-13', '2025-01-29'],
  logs: ['2020-08-15', '2021-03-18'],
};

interface Limit {
  otherwise: number;
  least: number;
  most: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html#telemetry-api-buffering */
const limits: Record<keyof Buffering, Limit> = {
  maxItems: { otherwise: 10_000, least: 1_000, most: 10_000 },
  maxBytes: { otherwise: 262_144, least: 262_144, most: 1_048_576 },
  timeoutMs: { otherwise: 1_000, least: 25, most: 30_000 },
};

/** AWS's own name of the inside of an environment, and what else leads there. */
const hosts = /^(sandbox(\.localdomain)?|localhost|127\.0\.0\.1)$/;
/** The Runtime API's. */
const reservedPort = 9001;

/** The request, or everything that is wrong with it. */
export function parseSubscribe(api: TelemetryApi, body: unknown): SubscribeRequest | { problems: string[] } {
  if (!isObject(body)) return { problems: ['body is not a JSON object'] };
  const problems: string[] = [];
  const destination = parseDestination(body.destination, problems);
  const types = parseTypes(body.types, problems);
  const schemaVersion = parseVersion(api, body.schemaVersion, problems);
  const buffering = parseBuffering(body.buffering, problems);
  if (problems.length > 0 || destination === undefined) return { problems };
  return { api, schemaVersion, types, buffering, destination };
}

function parseVersion(api: TelemetryApi, version: unknown, problems: string[]): string {
  if (version === undefined && api === 'logs') return '2020-08-15';
  if (version === undefined) problems.push('schemaVersion is not provided');
  else if (!schemaVersions[api].includes(version as string)) problems.push('schemaVersion is not supported');
  return String(version);
}

function parseTypes(types: unknown, problems: string[]): TelemetryType[] {
  if (!Array.isArray(types) || types.length === 0) {
    problems.push('types should not be empty');
    return [];
  }
  const unknown = types.find((type) => !telemetryTypes.includes(type));
  if (unknown !== undefined) problems.push(`types should only contain ${telemetryTypes.join(', ')}`);
  return [...new Set(types as TelemetryType[])];
}

function parseBuffering(given: unknown, problems: string[]): Buffering {
  const buffering = { maxItems: 0, maxBytes: 0, timeoutMs: 0 };
  const wanted = isObject(given) ? given : {};
  if (given !== undefined && given !== null && !isObject(given)) problems.push('buffering should be an object');
  for (const name of Object.keys(limits) as (keyof Buffering)[]) {
    const { otherwise, least, most } = limits[name];
    const value = wanted[name] ?? otherwise;
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      problems.push(`buffering.${name} should be between ${least} and ${most}`);
    }
    buffering[name] = value as number;
  }
  return buffering;
}

function parseDestination(given: unknown, problems: string[]): Destination | undefined {
  if (!isObject(given)) {
    problems.push('destination is not provided');
    return undefined;
  }
  const { protocol } = given;
  if (protocol === 'TCP') {
    const port = checkPort(given.port, problems, 'port is not provided');
    return port === undefined ? undefined : { protocol, port };
  }
  if (protocol !== undefined && protocol !== 'HTTP') {
    problems.push('protocol should be HTTP or TCP');
    return undefined;
  }
  const uri = typeof given.URI === 'string' ? given.URI : given.uri;
  const parts = typeof uri === 'string' ? /^http:\/\/([^/:?#]+)(?::(\d+))?([/?][^#]*)?$/.exec(uri) : null;
  if (parts === null) {
    problems.push(uri === undefined ? 'URI is not provided' : 'URI is not valid');
    return undefined;
  }
  const [, host, portText, path = '/'] = parts;
  if (!hosts.test(host!)) problems.push('URI host is not allowed');
  const port = checkPort(portText === undefined ? undefined : Number(portText), problems, 'URI port is not provided');
  const method = given.method === 'PUT' ? 'PUT' : 'POST';
  return port === undefined ? undefined : { protocol: 'HTTP', port, path, host: `${host}:${port}`, method };
}

function checkPort(port: unknown, problems: string[], missing: string): number | undefined {
  if (port === undefined || port === null) problems.push(missing);
  else if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535)
    problems.push('port is not valid');
  else if (port === reservedPort) problems.push(`port ${reservedPort} is reserved`);
  else return port as number;
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
