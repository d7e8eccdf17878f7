// What a function returned, as the HTTP answer of its URL.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload

export interface UrlResponse {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
}

/** Sent by a streaming handler ahead of the body: status, headers and cookies. */
export const integrationType = 'application/vnd.awslambda.http-integration-response';

const [space, quote, backslash] = [0x20, 0x22, 0x5c];

/** Ends that prelude. */
const separator = Buffer.alloc(8);

/** Longest prelude that is waited for. */
export const maxPreludeBytes = 65_536;

/** Headers that are the server's own: a function's go under another name, as on AWS, or are dropped. */
const remapped = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'upgrade',
  'www-authenticate',
]);
const dropped = new Set(['transfer-encoding', 'trailer', 'te']);

/** An object with a statusCode tells the whole answer; anything else is its body. undefined for what makes no answer. */
export function responseOf(payload: Buffer): UrlResponse | undefined {
  const prelude = splitPrelude(payload);
  if (prelude !== undefined) {
    const head = readPrelude(prelude.json);
    return head && { ...head, body: prelude.rest };
  }
  let value: any;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    // A streaming handler's own bytes.
    return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body: payload };
  }
  if (typeof value === 'string') return json(Buffer.from(value));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value.statusCode === undefined) {
    return json(withoutWhitespace(payload));
  }
  const head = headOf(value);
  if (head === undefined) return undefined;
  const body = bodyOf(value);
  return body && { ...head, body };
}

/** Status and headers of a streamed answer; undefined when they are none. */
export function readPrelude(json: Buffer): Omit<UrlResponse, 'body'> | undefined {
  try {
    const value = JSON.parse(json.toString('utf8'));
    return typeof value === 'object' && value !== null ? headOf({ statusCode: 200, ...value }) : undefined;
  } catch {
    return undefined;
  }
}

/** Cuts a streamed answer after its prelude; undefined while that is not whole. */
export function splitPrelude(bytes: Buffer): { json: Buffer; rest: Buffer } | undefined {
  const at = bytes.subarray(0, maxPreludeBytes + separator.length).indexOf(separator);
  if (at === -1) return undefined;
  return { json: bytes.subarray(0, at), rest: bytes.subarray(at + separator.length) };
}

/** A JSON text as AWS sends it on: without whitespace between its tokens, numbers and strings as they were written. */
function withoutWhitespace(json: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(json.length);
  let length = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === quote) inString = !inString;
    else if (inString && byte === backslash) kept[length++] = json[at++]!;
    else if (!inString && byte <= space) continue;
    kept[length++] = json[at]!;
  }
  return kept.subarray(0, length);
}

function json(body: Buffer): UrlResponse {
  return { status: 200, headers: [['Content-Type', 'application/json']], body };
}

function headOf({ statusCode, headers, cookies }: any): Omit<UrlResponse, 'body'> | undefined {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const told: [string, string][] = [];
  for (const [name, value] of Object.entries(typeof headers === 'object' && headers !== null ? headers : {})) {
    if (value === null || value === undefined || dropped.has(name.toLowerCase())) continue;
    told.push([remapped.has(name.toLowerCase()) ? `x-amzn-remapped-${name.toLowerCase()}` : name, String(value)]);
  }
  if (!told.some(([name]) => name.toLowerCase() === 'content-type')) told.push(['Content-Type', 'application/json']);
  if (Array.isArray(cookies)) for (const cookie of cookies) told.push(['Set-Cookie', String(cookie)]);
  return told.every(([name, value]) => isHeader(name, value)) ? { status, headers: told } : undefined;
}

function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+$/.test(name) && !/[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(value);
}

function bodyOf({ body, isBase64Encoded }: any): Buffer | undefined {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8');
}
