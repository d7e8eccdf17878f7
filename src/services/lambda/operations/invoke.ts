// Invoke: runs a function and answers with what it returned, or takes the event in and answers at once.
import { acceptEvent } from '../asynchronous/accept-event.ts';
import { settingNotBuilt } from '../errors.ts';
import { versionName } from '../function-record.ts';
import { prepareInvocation, runInvocation } from '../invocation.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function invoke(lambda: Lambda): LambdaOperation<'Invoke'> {
  return async (input, context) => {
    const prepared = await prepareInvocation(lambda, input, context);
    if (input.DurableExecutionName !== undefined) throw settingNotBuilt('DurableExecutionName');
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
    if (input.InvocationType === 'Event') {
      await acceptEvent(lambda, prepared, context);
      return { StatusCode: 202 };
    }
    const ran = await runInvocation(lambda, prepared, context);
    return {
      StatusCode: 200,
      ExecutedVersion: versionName(prepared.found.version.number),
      Payload: ran.payload,
      ...(ran.kind === 'function-error' ? { FunctionError: 'Unhandled' } : {}),
      ...(ran.logTail === undefined ? {} : { LogResult: ran.logTail.toString('base64') }),
    };
  };
}
