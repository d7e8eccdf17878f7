// Serves function URLs: a request to one becomes an invocation, and what the function returns its answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import { readPayload } from '../../../execution/index.ts';
import type { Ids } from '../../../core/ids.ts';
import type { Logger } from '../../../core/logger.ts';
import { prepareInvocation, runInvocation } from '../invocation.ts';
import type { Lambda } from '../lambda.ts';
import { limits } from '../limits.ts';
import type { PolicyDocument } from '../resource-policy.ts';
import { ResponseChannel } from '../response-channel.ts';
import { type StoredSetting, wholeFunction } from '../store/index.ts';
import { newTraceId } from '../trace-header.ts';
import type { UrlConfigRecord } from '../url-configs.ts';
import { corsHeaderNames, corsHeaders, preflightHeaders } from './cors.ts';
import { type UrlCaller, type UrlRequest, urlEvent } from './url-event.ts';
import { mayCallUrl } from './url-permission.ts';
import {
  integrationType,
  maxPreludeBytes,
  readPrelude,
  responseOf,
  splitPrelude,
  type UrlResponse,
} from './url-response.ts';

export interface UrlParts {
  lambda: Lambda;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Who signed a request; undefined when nobody did, or not rightly. */
  callerOf(request: Omit<UrlRequest, 'protocol' | 'sourceIp' | 'port'>): Promise<UrlCaller | undefined>;
}

type Config = StoredSetting<UrlConfigRecord>;

const urlHost = /^([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\./;
/** The same URL for clients that cannot resolve such names. */
const urlPath = /^\/_url\/([a-z0-9]+)(\/.*)?$/;

const forbidden =
  '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}';

/** Serves a request to a function URL; false when the request is for something else. */
export function serveUrl(request: IncomingMessage, response: ServerResponse, parts: UrlParts): boolean {
  const [path, query] = splitOnce(request.url!, '?');
  const byHost = urlHost.exec(request.headers.host ?? '');
  const byPath = byHost === null ? urlPath.exec(path) : null;
  const id = byHost?.[1] ?? byPath?.[1];
  if (id === undefined) return false;
  const requestId = parts.ids.uuid();
  answer(request, response, parts, { id, requestId, path: byPath === null ? path : (byPath[2] ?? '/'), query }).catch(
    (error) => {
      parts.log.error({ requestId, err: error }, 'a request to a function URL could not be answered');
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'Internal Server Error', requestId);
    },
  );
  return true;
}

interface Asked {
  id: string;
  requestId: string;
  path: string;
  query: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: UrlParts,
  { id, requestId, path, query }: Asked,
): Promise<void> {
  const { lambda, clock, ids } = parts;
  const config = await lambda.store.settings.byLookup<UrlConfigRecord>(id);
  if (config === undefined) {
    request.resume();
    return sendJson(response, 403, '{"Message":null}', requestId, 'AccessDeniedException');
  }
  const { cors } = config.record;
  const origin = request.headers.origin;
  if (cors !== undefined && request.method === 'OPTIONS' && origin !== undefined) {
    request.resume();
    const asked = request.headers;
    const headers = preflightHeaders(
      cors,
      origin,
      asked['access-control-request-method'],
      asked['access-control-request-headers'],
    );
    writeHead(response, { status: 200, headers }, requestId, 0);
    response.end();
    return;
  }
  const body = await readPayload(request, limits.invokeRequestBytes);
  if (body === undefined) {
    const text = `Request must be smaller than ${limits.invokeRequestBytes} bytes for the InvokeFunction operation`;
    return sendJson(response, 413, JSON.stringify({ message: text }), requestId, 'RequestEntityTooLargeException');
  }
  const asked: UrlRequest = {
    method: request.method!,
    path,
    query,
    headers: request.headers,
    body,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1',
    port: request.socket.localPort ?? 80,
  };
  const { authType, invokeMode } = config.record;
  // What was signed is the path as it was sent.
  const signed = { ...asked, path: splitOnce(request.url!, '?')[0] };
  const caller = authType === 'AWS_IAM' ? await parts.callerOf(signed) : undefined;
  const policy = await lambda.store.settings.get<PolicyDocument>('policy', config, config.qualifier);
  if (!mayCallUrl(policy, { authType, account: config.account, caller })) {
    return sendJson(response, 403, forbidden, requestId, 'AccessDeniedException');
  }
  const traceId = String(request.headers['x-amzn-trace-id'] ?? `Root=${newTraceId(clock, ids)}`);
  const event = urlEvent(asked, { urlId: id, requestId, traceId, timeMs: clock.now(), caller });
  const invocation = { config, payload: Buffer.from(JSON.stringify(event)), requestId, traceId };
  const headers: Headers = [['X-Amzn-Trace-Id', traceId], ...(cors === undefined ? [] : corsHeaders(cors, origin))];
  // The URL's own configuration goes before what the function says.
  const isOurs = (name: string) => cors !== undefined && corsHeaderNames.has(name.toLowerCase());
  const begin = (head: Head, length?: number) => {
    const told = head.headers.filter(([name]) => !isOurs(name));
    writeHead(response, { status: head.status, headers: [...told, ...headers] }, requestId, length);
  };
  try {
    if (invokeMode === 'RESPONSE_STREAM') await stream(invocation, parts, response, begin);
    else await gather(invocation, parts, response, begin);
  } catch (error) {
    if (!(error instanceof AwsError) || response.headersSent) throw error;
    if (error.status !== 429) return sendText(response, 502, 'Internal Server Error', requestId);
    const text = JSON.stringify({ ...error.members, message: error.message });
    sendJson(response, 429, text, requestId, error.code);
  }
}

interface UrlInvocation {
  config: Config;
  payload: Buffer;
  requestId: string;
  traceId: string;
}

/** Runs the function; its response goes to `sink` where there is one. */
async function run({ config, payload, requestId, traceId }: UrlInvocation, parts: UrlParts, sink?: ResponseChannel) {
  const { lambda, clock, ids } = parts;
  const { account, region, name, qualifier } = config;
  const context = {
    caller: { account, region, accessKeyId: account, arn: `arn:aws:iam::${account}:root`, userId: account },
    requestId,
    clock,
    ids,
    headers: { 'x-amzn-trace-id': traceId },
    responseHeaders: {},
  };
  const input = {
    FunctionName: name,
    Payload: payload,
    ...(qualifier === wholeFunction ? {} : { Qualifier: qualifier }),
  };
  const prepared = await prepareInvocation(lambda, input, context);
  return runInvocation(lambda, sink === undefined ? prepared : { ...prepared, responseSink: sink }, context);
}

/** BUFFERED: the answer is interpreted once it is whole. */
async function gather(
  invocation: UrlInvocation,
  parts: UrlParts,
  response: ServerResponse,
  begin: (head: Head, length: number) => void,
): Promise<void> {
  const ran = await run(invocation, parts);
  const answered = ran.kind === 'success' ? responseOf(ran.payload) : undefined;
  if (answered === undefined) return sendText(response, 502, 'Internal Server Error', invocation.requestId);
  begin(answered, answered.body.length);
  response.end(answered.body);
}

/** RESPONSE_STREAM: pieces go out as the function writes them; status and headers may come ahead of them. */
async function stream(
  invocation: UrlInvocation,
  parts: UrlParts,
  response: ServerResponse,
  begin: (head: Head) => void,
): Promise<void> {
  const { clock, lambda } = parts;
  const channel = new ResponseChannel(clock, lambda.responseBandwidth);
  // A client may be gone before its answer is read for the first time.
  response.once('close', () => channel.abandon());
  const running = run(invocation, parts, channel);
  void running.catch(() => {}).then(() => channel.end());
  const contentType = await Promise.race([channel.started, running.then(() => channel.started)]);
  if (contentType === undefined) {
    await running;
    return sendText(response, 502, 'Internal Server Error', invocation.requestId);
  }
  // With the first piece the client learns that an answer has begun.
  let awaited = contentType === integrationType ? Buffer.alloc(0) : undefined;
  if (awaited === undefined) begin({ status: 200, headers: [['Content-Type', contentType]] });
  for await (let piece of channel.pieces()) {
    if (awaited !== undefined) {
      awaited = Buffer.concat([awaited, piece]);
      const prelude = splitPrelude(awaited);
      if (prelude === undefined && awaited.length <= maxPreludeBytes) continue;
      const head = prelude && readPrelude(prelude.json);
      if (head === undefined) return sendText(response, 502, 'Internal Server Error', invocation.requestId);
      begin(head);
      piece = prelude!.rest;
      awaited = undefined;
    }
    if (piece.length > 0 && !response.write(piece)) await drained(response);
    if (response.destroyed) return;
  }
  const ran = await running;
  if (!response.headersSent) sendText(response, 502, 'Internal Server Error', invocation.requestId);
  // A client must not take what is only the beginning for the whole.
  else if (ran.kind === 'function-error') response.destroy();
  else response.end();
}

type Headers = [name: string, value: string][];
type Head = Omit<UrlResponse, 'body'>;

function writeHead(response: ServerResponse, { status, headers }: Head, requestId: string, length?: number): void {
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.setHeader('x-amzn-RequestId', requestId);
  if (length !== undefined) response.setHeader('Content-Length', length);
  response.flushHeaders();
}

function sendText(response: ServerResponse, status: number, text: string, requestId: string): void {
  writeHead(response, { status, headers: [['Content-Type', 'text/plain']] }, requestId, Buffer.byteLength(text));
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, text: string, requestId: string, errorType: string): void {
  const headers: Headers = [
    ['Content-Type', 'application/json'],
    ['x-amzn-ErrorType', errorType],
  ];
  writeHead(response, { status, headers }, requestId, Buffer.byteLength(text));
  response.end(text);
}

/** Resolves when more may be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
