// The rules of a batch of PutLogEvents, https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html.
import { invalidParameter } from './errors.ts';
import { limits } from './limits.ts';
import { retainedFrom } from './retention.ts';

export interface InputEvent {
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
}

/** Fields of AWS's RejectedLogEventsInfo: the ends are exclusive, the start is inclusive. */
export interface Rejected {
  tooOldLogEventEndIndex?: number;
  tooNewLogEventStartIndex?: number;
  expiredLogEventEndIndex?: number;
}

/** Throws InvalidParameterException when a batch breaks a rule that refuses it as a whole. */
export function checkBatch(events: readonly InputEvent[]): void {
  let batchBytes = 0;
  for (const [index, { timestamp, message }] of events.entries()) {
    const bytes = Buffer.byteLength(message) + limits.eventOverheadBytes;
    if (bytes > limits.eventBytes) {
      throw invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${limits.eventBytes}`);
    }
    batchBytes += bytes;
    if (index > 0 && timestamp < events[index - 1]!.timestamp) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
  }
  if (batchBytes > limits.batchBytes) {
    throw invalidParameter(`Upload too large: ${batchBytes} bytes exceeds limit of ${limits.batchBytes}`);
  }
  const [first, last] = [events[0]!, events.at(-1)!];
  if (last.timestamp - first.timestamp > limits.batchSpanMs) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** Parts ordered events into those that are stored and those that are too old, too new or past the group's retention. */
export function splitByAge(
  events: readonly InputEvent[],
  now: number,
  retentionDays: number | undefined,
): { accepted: readonly InputEvent[]; rejected: Rejected | undefined } {
  const olderThan = (time: number) => events.filter(({ timestamp }) => timestamp < time).length;
  const tooOld = olderThan(now - limits.oldestEventMs);
  const expired = olderThan(retainedFrom({ retentionDays }, now));
  const tooNew = olderThan(now + limits.newestEventMs + 1);
  const rejected: Rejected = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    accepted: events.slice(Math.max(tooOld, expired), tooNew),
    rejected: Object.keys(rejected).length === 0 ? undefined : rejected,
  };
}
