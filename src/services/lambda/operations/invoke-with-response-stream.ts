// InvokeWithResponseStream: runs a function and sends what it returned as a stream of events.
import type { OperationsOf } from '../../../contracts/index.ts';
import { versionName } from '../function-record.ts';
import { prepareInvocation, type Ran, runInvocation } from '../invocation.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

type Events = NonNullable<OperationsOf<'lambda'>['InvokeWithResponseStream']['output']['EventStream']>;
type Event = Events extends AsyncIterable<infer E> ? E : never;

/** Bytes of the answer in one event. */
const chunkBytes = 65_536;

export function invokeWithResponseStream(lambda: Lambda): LambdaOperation<'InvokeWithResponseStream'> {
  return async (input, context) => {
    const prepared = await prepareInvocation(lambda, input, context);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204, EventStream: none() };
    const ran = await runInvocation(lambda, prepared, context);
    return {
      StatusCode: 200,
      ExecutedVersion: versionName(prepared.found.version.number),
      EventStream: eventsOf(ran),
    };
  };
}

/** An answer in chunks; of a function that failed only the end, which says so. */
async function* eventsOf(ran: Ran): AsyncGenerator<Event> {
  const logs = ran.logTail === undefined ? {} : { LogResult: ran.logTail.toString('base64') };
  if (ran.kind === 'function-error') {
    const details = ran.payload.toString('utf8');
    yield { InvokeComplete: { ErrorCode: 'Unhandled', ErrorDetails: details, ...logs } } as Event;
    return;
  }
  for (let at = 0; at < ran.payload.length; at += chunkBytes) {
    yield { PayloadChunk: { Payload: ran.payload.subarray(at, at + chunkBytes) } } as Event;
  }
  yield { InvokeComplete: logs } as Event;
}

async function* none(): AsyncGenerator<Event> {}
