// InvokeWithResponseStream: runs a function and sends its response as a stream of events, as the function writes it.
import type { OperationsOf } from '../../../contracts/index.ts';
import { versionName } from '../function-record.ts';
import { prepareInvocation, type Ran, runInvocation } from '../invocation.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { ResponseChannel } from '../response-channel.ts';

type Events = NonNullable<OperationsOf<'lambda'>['InvokeWithResponseStream']['output']['EventStream']>;
type Event = Events extends AsyncIterable<infer E> ? E : never;

/** Most bytes of the answer in one event. */
const chunkBytes = 65_536;

export function invokeWithResponseStream(lambda: Lambda): LambdaOperation<'InvokeWithResponseStream'> {
  return async (input, context) => {
    const prepared = await prepareInvocation(lambda, input, context);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204, EventStream: none() };
    const channel = new ResponseChannel(context.clock, lambda.responseBandwidth);
    // A client may be gone before its answer is read for the first time.
    context.signal.addEventListener('abort', () => channel.abandon(), { once: true });
    const running = runInvocation(lambda, { ...prepared, responseSink: channel }, context);
    void running.catch(() => {}).then(() => channel.end());
    // What cannot be run is refused while the answer has not begun.
    await Promise.race([channel.started, running]);
    return {
      StatusCode: 200,
      ExecutedVersion: versionName(prepared.found.version.number),
      EventStream: eventsOf(channel, running),
    };
  };
}

/** The response in pieces, and how it ended. */
async function* eventsOf(channel: ResponseChannel, running: Promise<Ran>): AsyncGenerator<Event> {
  for await (const piece of channel.pieces()) {
    for (let at = 0; at < piece.length; at += chunkBytes) {
      yield { PayloadChunk: { Payload: piece.subarray(at, at + chunkBytes) } } as Event;
    }
  }
  const ran = await running;
  const logs = ran.logTail === undefined ? {} : { LogResult: ran.logTail.toString('base64') };
  const failure =
    ran.kind === 'function-error' ? { ErrorCode: 'Unhandled', ErrorDetails: ran.payload.toString('utf8') } : {};
  yield { InvokeComplete: { ...failure, ...logs } } as Event;
}

async function* none(): AsyncGenerator<Event> {}
