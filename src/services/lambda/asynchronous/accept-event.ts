// Takes in an event: from here on it is handled, whatever happens to the server.
import type { CallContext } from '../../service.ts';
import { answerHeaders, type PreparedInvocation } from '../invocation.ts';
import type { Lambda } from '../lambda.ts';
import { checkRunnable } from '../runnable.ts';
import { serviceSegment } from '../segments.ts';
import { visit } from '../trace-header.ts';
import { traceRequest } from '../tracing.ts';
import { functionArn } from '../function-name.ts';
import { type EventState, laneOf } from './event-state.ts';
import { asynchronousSettings } from './settings.ts';

/** Resolves when the event is on disk, and adds the headers that AWS answers with. */
export async function acceptEvent(
  lambda: Lambda,
  { found, payload, clientContext, tenantId }: PreparedInvocation,
  { requestId, headers, responseHeaders, clock, ids }: CallContext,
): Promise<void> {
  checkRunnable(found.version.configuration);
  const { account, region, name } = found;
  const { qualifier } = found.reference;
  const { header, traced } = traceRequest(lambda.tracing, found, headers['x-amzn-trace-id'], { clock, ids });
  const state: EventState = {
    account,
    region,
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    traceHeader: header,
    ...(clientContext === undefined ? {} : { clientContext }),
    ...(tenantId === undefined ? {} : { tenantId }),
    settings: await asynchronousSettings(lambda, found),
    attempts: 0,
    faults: 0,
  };
  await lambda.events.enqueue({ lane: laneOf(found), requestId, state: JSON.stringify(state), payload });
  const measured = { account, region, functionName: name, qualifier };
  lambda.metrics.asynchronous(measured, 'AsyncEventsReceived', 1, clock.now());
  if (traced !== undefined) {
    lambda.tracing.putSegments(found, [serviceSegment(found, traced, requestId, 202, clock.now())]);
  }
  answerHeaders(responseHeaders, visit(header, functionArn(found)).header);
}
