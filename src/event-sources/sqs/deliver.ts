// Invokes the function with one batch, again and again while it is throttled, and tells what came of each message.
import { AwsError } from '../../core/errors.ts';
import { backOff } from '../back-off.ts';
import { failedItems } from '../batch-outcome.ts';
import type { PolledMapping, PollerParts } from '../event-source.ts';
import type { FunctionDirectory } from '../function-facts.ts';
import { type Batch, type BatchItem, toPayload } from './batch.ts';
import type { Queue } from './queue.ts';

export interface DeliveryParts {
  parts: PollerParts;
  queue: Queue;
  functions: FunctionDirectory;
  /** Ends the pauses between tries. */
  stopped: AbortSignal;
  throttled(): void;
}

export interface Delivery {
  done: BatchItem[];
  failed: BatchItem[];
  /** Absent: the function dealt with the batch, with all of it or a part. */
  reason?: 'function failed' | AwsError;
}

const retryMs = { first: 100, most: 5_000 };

export async function deliver(batch: Batch, context: DeliveryParts): Promise<Delivery> {
  const { mapping, role, items } = batch;
  const payload = toPayload(items);
  const trace = items.find(({ record }) => record.attributes['AWSTraceHeader'])?.record.attributes['AWSTraceHeader'];
  for (let attempt = 0; ; attempt++) {
    try {
      const call = context.parts.call({
        account: mapping.account,
        region: mapping.region,
        arn: role,
        ...(trace === undefined ? {} : { headers: { 'x-amzn-trace-id': trace } }),
      });
      const answer = await call('lambda', 'Invoke', { FunctionName: mapping.functionArn, Payload: payload });
      if (answer.FunctionError) return { done: [], failed: items, reason: 'function failed' };
      return judge(items, mapping, answer.Payload ?? new Uint8Array());
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const again = isThrottle(error) || (error.status >= 500 && error.status !== 502);
      if (!again) return { done: [], failed: items, reason: error };
      context.throttled();
      if (!(await pauseBefore(attempt, batch, context))) return { done: [], failed: items, reason: error };
    }
  }
}

/** What the function's answer says of each message. */
function judge(items: BatchItem[], mapping: PolledMapping, payload: Uint8Array): Delivery {
  if (!mapping.settings.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return { done: items, failed: [] };
  const failed = failedItems(payload, new Set(items.map(({ record }) => record.messageId)));
  if (failed === 'all') return { done: [], failed: items };
  return {
    done: items.filter(({ record }) => !failed.has(record.messageId)),
    failed: items.filter(({ record }) => failed.has(record.messageId)),
  };
}

const isThrottle = ({ code, status }: AwsError) => code === 'TooManyRequestsException' || status === 429;

/** Waits for the next try; false when the messages could be there again before the function would be done with them. */
async function pauseBefore(attempt: number, batch: Batch, context: DeliveryParts): Promise<boolean> {
  const { mapping, role, takenAt } = batch;
  const { parts, queue, functions, stopped } = context;
  if (stopped.aborted) return false;
  const { timeoutMs } = await functions.get(mapping);
  const delay = backOff(attempt, retryMs.first, retryMs.most);
  const deadline = takenAt + (await queue.visibilityMs(mapping, role)) - timeoutMs;
  if (parts.clock.monotonic() + delay >= deadline) return false;
  return new Promise((resolve) => {
    const cancel = parts.clock.after(delay, () => {
      stopped.removeEventListener('abort', end);
      resolve(true);
    });
    const end = () => {
      cancel();
      resolve(false);
    };
    stopped.addEventListener('abort', end, { once: true });
  });
}
