// From when to when is asked for.
import { invalidTimeRange, tooLongTimeRange } from './errors.ts';

/** Epoch milliseconds. Throws InvalidRequestException. */
export function readTimeRange(
  { StartTime, EndTime }: { StartTime: Date | undefined; EndTime: Date | undefined },
  longestMs: number,
): { from: number; to: number } {
  const [from, to] = [StartTime!.getTime(), EndTime!.getTime()];
  if (!(from < to)) throw invalidTimeRange();
  if (to - from > longestMs) throw tooLongTimeRange(longestMs / 3_600_000);
  return { from, to };
}
