// The event that a function gets for a request to its URL: API Gateway's payload format 2.0.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
import { isUtf8 } from 'node:buffer';

export interface UrlRequest {
  method: string;
  /** As sent: percent-encoded, without the query. */
  path: string;
  /** As sent, without the question mark; empty when absent. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** `HTTP/1.1`. */
  protocol: string;
  sourceIp: string;
  /** At which the client came. */
  port: number;
}

/** Who called, where the URL's callers are known. */
export interface UrlCaller {
  accessKeyId: string;
  account: string;
  arn: string;
  userId: string;
}

export interface UrlTarget {
  /** First label of the URL's host. */
  urlId: string;
  requestId: string;
  traceId: string;
  /** Epoch milliseconds. */
  timeMs: number;
  caller: UrlCaller | undefined;
}

export function urlEvent(request: UrlRequest, target: UrlTarget): object {
  const { method, path, query, headers, body } = request;
  const host = String(headers['host'] ?? '');
  const cookies = String(headers['cookie'] ?? '');
  const parameters = parametersOf(query);
  const isText = isTextual(String(headers['content-type'] ?? ''), body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookies === '' ? {} : { cookies: cookies.split(/; ?/) }),
    headers: headersOf(request, target),
    ...(parameters === undefined ? {} : { queryStringParameters: parameters }),
    requestContext: {
      accountId: target.caller?.account ?? 'anonymous',
      apiId: target.urlId,
      ...(target.caller === undefined ? {} : { authentication: null, authorizer: { iam: iamOf(target.caller) } }),
      domainName: host.replace(/:\d+$/, ''),
      domainPrefix: target.urlId,
      http: {
        method,
        path: decoded(path),
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: target.requestId,
      routeKey: '$default',
      stage: '$default',
      time: formatTime(target.timeMs),
      timeEpoch: target.timeMs,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function iamOf({ accessKeyId, account, arn, userId }: UrlCaller): object {
  return {
    accessKey: accessKeyId,
    accountId: account,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId,
  };
}

/** Names in lower case, values of the same name joined; what says whence the request came is ours to say. */
function headersOf({ headers, sourceIp, port }: UrlRequest, { traceId }: UrlTarget): Record<string, string> {
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'cookie' || hopByHop.has(name)) continue;
    told[name] = Array.isArray(value) ? value.join(',') : value;
  }
  told['x-amzn-trace-id'] = traceId;
  told['x-forwarded-for'] = sourceIp;
  told['x-forwarded-port'] = String(port);
  told['x-forwarded-proto'] = 'http';
  return told;
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect']);

function parametersOf(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

const textualTypes =
  /^(text\/.+|application\/(json|xml|javascript|x-www-form-urlencoded)|[a-z]+\/[^;]+\+(json|xml))\s*(;|$)/i;

/** Whether the body travels as it is: of a textual type, or of none that is told, and truly text. */
function isTextual(contentType: string, body: Buffer): boolean {
  if (!textualTypes.test(contentType.trim())) return body.length === 0;
  return isUtf8(body);
}

/** `12/Mar/2026:19:03:58 +0000`. */
function formatTime(epochMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
