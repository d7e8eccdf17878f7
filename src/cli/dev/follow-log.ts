// What functions write, line after line as they write it, until it is told to stop.
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

export interface LogLine {
  group: string;
  /** Epoch milliseconds. */
  time: number;
  message: string;
}

/** How often it is looked for new events: nobody notices a quarter of a second, and AWS allows ten searches in one. */
const pollMs = 250;
/** Events may be stored this much later than they happened. */
const lookBackMs = 5_000;

/** Resolves once `signal` is aborted. `onTrouble` is told of a failure once, until it works again. */
export async function followLog(
  client: CloudWatchLogsClient,
  group: string,
  onLine: (line: LogLine) => void,
  onTrouble: (error: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  const { paginateFilterLogEvents } = await import('@aws-sdk/client-cloudwatch-logs');
  let shown = new Set<string>();
  let from = Date.now();
  let troubled = false;
  while (!signal.aborted) {
    const seen = new Set<string>();
    let last = from;
    try {
      const input = { logGroupName: group, startTime: from };
      for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
        for (const { eventId = '', timestamp = 0, message = '' } of events) {
          seen.add(eventId);
          last = Math.max(last, timestamp);
          if (!shown.has(eventId)) onLine({ group, time: timestamp, message: message.trimEnd() });
        }
      }
      troubled = false;
      shown = seen;
      from = Math.max(from, last - lookBackMs);
    } catch (error) {
      shown = new Set([...shown, ...seen]);
      // The group comes into being with the first line.
      if ((error as Error).name !== 'ResourceNotFoundException' && !troubled && !signal.aborted) {
        troubled = true;
        onTrouble(error as Error);
      }
    }
    await pause(pollMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
