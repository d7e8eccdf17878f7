// One invocation, from what a caller asked for to what came of it.
import {
  InterpreterMissingError,
  type InvocationTrace,
  type Outcome,
  type ResponseSink,
} from '../../execution/index.ts';
import type { CallContext } from '../service.ts';
import { invalidParameter, invalidRequestContent, invalidRuntime, requestTooLarge, tooManyRequests } from './errors.ts';
import { functionArn } from './function-name.ts';
import type { Configuration } from './function-record.ts';
import { checkJson } from './json-check.ts';
import type { Lambda } from './lambda.ts';
import { packagesOf } from './layer-record.ts';
import { limits } from './limits.ts';
import { holderOf } from './provisioned-concurrency.ts';
import { concurrencyLimit } from './quotas.ts';
import { isStoppedAsLoop, recursiveInvocation } from './recursion.ts';
import { checkRunnable } from './runnable.ts';
import { forTenant, targetOf } from './target.ts';
import { invocationSegments, type Result } from './segments.ts';
import { visit } from './trace-header.ts';
import { traceFunction, traceRequest } from './tracing.ts';
import { type FoundVersion, findVersion } from './versions.ts';

interface InvocationInput {
  FunctionName: string | undefined;
  Qualifier?: string | undefined;
  InvocationType?: string | undefined;
  Payload?: Uint8Array | undefined;
  ClientContext?: string | undefined;
  TenantId?: string | undefined;
  LogType?: string | undefined;
}

/** An invocation that may run. */
export interface PreparedInvocation {
  found: FoundVersion;
  payload: Buffer;
  clientContext: string | undefined;
  tenantId: string | undefined;
  logTail: boolean;
  /** Where the response goes as it comes to be; absent: it is gathered. */
  responseSink?: ResponseSink;
}

/** What an invocation needs to know of the request that it comes with. */
export type InvocationContext = Pick<
  CallContext,
  'caller' | 'requestId' | 'clock' | 'ids' | 'headers' | 'responseHeaders'
>;

export type Ran = Exclude<Outcome, { kind: 'throttled' }>;

const emptyEvent = Buffer.from('{}');

/** Finds the function and judges the request. Throws what AWS says of it. */
export async function prepareInvocation(
  lambda: Lambda,
  input: InvocationInput,
  { caller, ids }: InvocationContext,
): Promise<PreparedInvocation> {
  const found = await findVersion(lambda, caller, 'InvokeFunction', input.FunctionName!, input.Qualifier, ids.chance());
  checkTenant(found.version.configuration, input.TenantId);
  const payload = input.Payload === undefined || input.Payload.length === 0 ? emptyEvent : asBuffer(input.Payload);
  if (input.InvocationType === 'Event') checkEventSize(payload);
  checkJson(payload);
  const clientContext = input.ClientContext === undefined ? undefined : decodeClientContext(input.ClientContext);
  return { found, payload, clientContext, tenantId: input.TenantId, logTail: input.LogType === 'Tail' };
}

/** Runs the function, and adds the headers that AWS answers with. Throws when nothing could be run. */
export async function runInvocation(
  lambda: Lambda,
  { found, payload, clientContext, tenantId, logTail, responseSink }: PreparedInvocation,
  { caller, requestId, clock, ids, headers, responseHeaders }: InvocationContext,
): Promise<Ran> {
  const request = traceRequest(lambda.tracing, found, headers['x-amzn-trace-id'], { clock, ids });
  const { header: visited, before } = visit(request.header, functionArn(found));
  if (before > 0 && (await isStoppedAsLoop(lambda, found, before))) {
    const measured = { account: caller.account, region: caller.region, functionName: found.name };
    const { qualifier } = found.reference;
    lambda.metrics.asynchronous({ ...measured, qualifier }, 'RecursiveInvocationsDropped', 1, clock.now());
    throw recursiveInvocation();
  }
  const { traced } = request;
  const { header, trace } = traced === undefined ? { header: visited } : traceFunction(visited, traced, ids);
  answerHeaders(responseHeaders, header);
  const running = execute(lambda, found, {
    requestId,
    payload,
    traceHeader: header,
    trace,
    clientContext,
    tenantId,
    logTail,
    responseSink,
    isSynchronous: true,
  });
  if (traced !== undefined && trace !== undefined) {
    const tell = (result: Result) => {
      const parts = { now: clock.now(), ids };
      lambda.tracing.putSegments(found, invocationSegments(found, traced, trace, requestId, result, parts));
    };
    running.then(
      (outcome) => tell({ outcome }),
      (thrown) => tell({ thrown }),
    );
  }
  const outcome = await running;
  if (outcome.kind === 'throttled') throw tooManyRequests(outcome.reason);
  return outcome;
}

/** Those that AWS answers an invocation with; answers that fail have none of them. */
export function answerHeaders(responseHeaders: Record<string, string>, traceHeader: string): void {
  responseHeaders['X-Amzn-Trace-Id'] = traceHeader;
  responseHeaders['X-Amzn-Remapped-Content-Length'] = '0';
}

/** What a version is run with. */
export interface ExecutionInput extends Pick<PreparedInvocation, 'payload' | 'responseSink' | 'logTail'> {
  requestId: string;
  /** As the function is given it. */
  traceHeader: string;
  /** Set when it is sampled. */
  trace?: InvocationTrace | undefined;
  clientContext: string | undefined;
  tenantId: string | undefined;
  /** Only synchronous invocations are held to a number of requests per second. */
  isSynchronous: boolean;
}

/** Runs a version, or is throttled. Throws when the platform or the machine cannot run it. */
export async function execute(lambda: Lambda, found: FoundVersion, input: ExecutionInput): Promise<Outcome> {
  const { requestId, payload, traceHeader, trace, clientContext, tenantId, logTail, responseSink, isSynchronous } =
    input;
  const { version } = found;
  checkRunnable(version.configuration);
  if (!lambda.code.isUnpacked(version.code.sha256)) await lambda.code.ensure(version.code.sha256);
  const layers = packagesOf(version.configuration.layers);
  if (!lambda.layerFolders.isReady(layers)) await lambda.layerFolders.ensure(layers);
  const target = targetOf(found, lambda);
  const held = lambda.store.concurrency(found.account, found.region);
  const concurrency = held instanceof Promise ? await held : held;
  const holders = concurrency.qualifiers(found.name);
  const provisionedAs = holders.length === 0 ? undefined : await holderOf(lambda.store, found, holders);
  const limit = concurrencyLimit(lambda.quotas, found);
  return lambda.execution
    .invoke({
      requestId,
      target: tenantId === undefined ? target : forTenant(target, tenantId),
      concurrency: concurrency.allowance(found.name, provisionedAs, limit, isSynchronous),
      invokedArn: functionArn(found, found.reference.qualifier),
      payload,
      traceId: traceHeader,
      trace,
      clientContext,
      isAsynchronous: !isSynchronous,
      logTail,
      responseSink,
    })
    .catch(explain);
}

function checkEventSize({ length }: Buffer): void {
  const limit = limits.asynchronousRequestBytes;
  if (length <= limit) return;
  throw requestTooLarge(`${length} byte payload is too large for the Event invocation type (limit ${limit} bytes)`);
}

/** Throws InvalidParameterValueException unless a tenant is named exactly where the function tells tenants apart. */
function checkTenant({ tenancy }: Configuration, tenantId: string | undefined): void {
  if ((tenancy === undefined) === (tenantId === undefined)) return;
  throw invalidParameter(
    tenancy === undefined
      ? 'The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.'
      : 'The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again.',
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The JSON text of a client context, which travels in base64. */
function decodeClientContext(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw invalidRequestContent('Client context must be a valid Base64-encoded JSON object.');
  }
  return text;
}

function explain(error: unknown): never {
  if (error instanceof InterpreterMissingError) throw invalidRuntime(error.message);
  throw error;
}
