// InvokeAsync: what came before InvocationType `Event`, and does the same.
import { buffer } from 'node:stream/consumers';
import { acceptEvent } from '../asynchronous/accept-event.ts';
import { prepareInvocation } from '../invocation.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function invokeAsync(lambda: Lambda): LambdaOperation<'InvokeAsync'> {
  return async (input, context) => {
    const { FunctionName, InvokeArgs } = input;
    const Payload = InvokeArgs instanceof Uint8Array ? InvokeArgs : await buffer(InvokeArgs as never);
    const prepared = await prepareInvocation(lambda, { FunctionName, Payload, InvocationType: 'Event' }, context);
    await acceptEvent(lambda, prepared, context);
    return { Status: 202 };
  };
}
