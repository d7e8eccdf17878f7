// Which AWS service a request is for: by credential scope, target header, host, path, or the query protocol's version.
import type { RequestHead } from '../protocol/index.ts';

export interface Recognised {
  /** Service name as in the credential scope, or the nearest guess; undefined when nothing tells. */
  service: string | undefined;
  region: string;
  /** Empty for unsigned requests. */
  accessKeyId: string;
  /** Session token of temporary credentials. */
  sessionToken: string | undefined;
}

const defaultRegion = 'us-east-1';

/** Credential scopes that are not named as we name the service. */
const scopeNames: Record<string, string> = { monitoring: 'cloudwatch', servicequotas: 'service-quotas' };

const targetPrefixes: Record<string, string> = {
  Logs_20140328: 'logs',
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'cloudwatch',
  ServiceQuotasV20190624: 'service-quotas',
};

const queryVersions: Record<string, string> = {
  '2011-06-15': 'sts',
  '2010-05-08': 'iam',
  '2012-11-05': 'sqs',
  '2010-03-31': 'sns',
  '2010-08-01': 'cloudwatch',
};

const lambdaPath =
  /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|layers|account-settings|tags|code-signing-configs|capacity-providers|durable-execution|resource-policy)/;

/** `/<account>/<name>`, also below `/queue/<region>`: the URL of an SQS queue. */
const queuePath = /^\/(?:queue\/[a-z0-9-]+\/)?\d{12}\/[\w-]{1,80}(?:\.fifo)?\/?$/;

export function recognise(request: RequestHead): Recognised {
  const scope = scopeOfHeader(request) ?? scopeOfQuery(request);
  const service =
    scope?.service ??
    serviceOfTarget(request) ??
    serviceOfHost(request) ??
    serviceOfVersion(request.query) ??
    serviceOfPath(request);
  return {
    service: service === undefined ? undefined : (scopeNames[service] ?? service),
    region: scope?.region ?? defaultRegion,
    accessKeyId: scope?.accessKeyId ?? '',
    sessionToken: scope?.sessionToken,
  };
}

/** For unsigned requests of the query protocol, e.g. AssumeRoleWithWebIdentity: the API version in the body tells. */
export function recogniseForm(body: Buffer): string | undefined {
  return serviceOfVersion(body.toString('latin1', 0, 65_536));
}

function serviceOfVersion(form: string): string | undefined {
  const version = /(?:^|&)Version=([0-9-]{10})(?:&|$)/.exec(form);
  return version === null ? undefined : queryVersions[version[1]!];
}

interface Scope {
  accessKeyId: string;
  region: string;
  service: string;
  sessionToken: string | undefined;
}

function scopeOfHeader(request: RequestHead): Scope | undefined {
  const authorization = request.headers['authorization'];
  if (typeof authorization !== 'string') return undefined;
  const match = /Credential=([^/,\s]+)\/[^/,\s]*\/([^/,\s]*)\/([^/,\s]+)\//.exec(authorization);
  if (match === null) return undefined;
  const token = request.headers['x-amz-security-token'];
  return {
    accessKeyId: match[1]!,
    region: match[2] || defaultRegion,
    service: match[3]!,
    sessionToken: typeof token === 'string' ? token : undefined,
  };
}

function scopeOfQuery(request: RequestHead): Scope | undefined {
  if (!request.query.includes('X-Amz-Credential=')) return undefined;
  const query = new URLSearchParams(request.query);
  const [accessKeyId, , region, service] = (query.get('X-Amz-Credential') ?? '').split('/');
  if (!accessKeyId || !service) return undefined;
  const sessionToken = query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId, region: region || defaultRegion, service, sessionToken };
}

function serviceOfTarget(request: RequestHead): string | undefined {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? targetPrefixes[target.split('.', 1)[0]!] : undefined;
}

function serviceOfHost(request: RequestHead): string | undefined {
  const host = request.headers['host'];
  if (typeof host !== 'string') return undefined;
  return /^([a-z0-9-]+)\.(?:[a-z0-9-]+\.)?(?:amazonaws\.com(?:\.cn)?|localhost)(?::\d+)?$/.exec(host)?.[1];
}

function serviceOfPath(request: RequestHead): string | undefined {
  if (lambdaPath.test(request.path)) return 'lambda';
  if (queuePath.test(request.path)) return 'sqs';
  return /^\/service\/[^/]+\/operation\//.test(request.path) ? 'cloudwatch' : undefined;
}
