// Invoke: runs a function and answers with what it returned.
import { InterpreterMissingError } from '../../../execution/index.ts';
import type { CallContext } from '../../service.ts';
import { invalidRequestContent, invalidRuntime, settingNotBuilt, tooManyRequests } from '../errors.ts';
import { functionArn } from '../function-name.ts';
import { versionName } from '../function-record.ts';
import { checkJson } from '../json-check.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { targetOf } from '../target.ts';
import { newTraceHeader } from '../trace-header.ts';
import { findVersion } from '../versions.ts';

const emptyEvent = Buffer.from('{}');

/** How this machine calls its processor, in AWS's words. */
const hostArchitecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

export function invoke(lambda: Lambda): LambdaOperation<'Invoke'> {
  return async (input, context) => {
    const found = await findVersion(
      lambda,
      context.caller,
      'InvokeFunction',
      input.FunctionName!,
      input.Qualifier,
      context.ids.chance(),
    );
    if (input.InvocationType === 'Event') throw settingNotBuilt('InvocationType Event');
    if (input.TenantId !== undefined) throw settingNotBuilt('TenantId');
    if (input.DurableExecutionName !== undefined) throw settingNotBuilt('DurableExecutionName');
    const payload = input.Payload === undefined || input.Payload.length === 0 ? emptyEvent : asBuffer(input.Payload);
    checkJson(payload);
    const clientContext = input.ClientContext === undefined ? undefined : decodeClientContext(input.ClientContext);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };

    const { version } = found;
    if (version.configuration.architecture !== hostArchitecture) {
      throw invalidRuntime(
        `The function is built for ${version.configuration.architecture}, and this machine is ${hostArchitecture}.`,
      );
    }
    if (!lambda.code.isUnpacked(version.code.sha256)) await lambda.code.ensure(version.code.sha256);
    const traceId = traceOf(context);
    const outcome = await lambda.execution
      .invoke({
        requestId: context.requestId,
        target: targetOf(found, lambda.code),
        invokedArn: functionArn(found, found.reference.qualifier),
        payload,
        traceId,
        clientContext,
        logTail: input.LogType === 'Tail',
      })
      .catch(explain);
    if (outcome.kind === 'throttled') throw tooManyRequests(outcome.reason);
    context.responseHeaders['X-Amzn-Trace-Id'] = traceId;
    context.responseHeaders['X-Amzn-Remapped-Content-Length'] = '0';
    return {
      StatusCode: 200,
      ExecutedVersion: versionName(version.number),
      Payload: outcome.payload,
      ...(outcome.kind === 'function-error' ? { FunctionError: 'Unhandled' } : {}),
      ...(outcome.logTail === undefined ? {} : { LogResult: outcome.logTail.toString('base64') }),
    };
  };
}

function traceOf(context: CallContext): string {
  return context.headers['x-amzn-trace-id'] ?? newTraceHeader(context.clock, context.ids);
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
