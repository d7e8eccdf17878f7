// Events put in order and put together, as columns.
import type { Events } from './block.ts';

/** The same events by timestamp, then sequence; records of one stream nearly always come in that order already. */
export function ordered(events: Events): Events {
  const { timestamps, sequences, ingestionTimes, messages } = events;
  const before = (a: number, b: number) => timestamps[a]! - timestamps[b]! || sequences[a]! - sequences[b]!;
  let sorted = true;
  for (let index = 1; index < timestamps.length && sorted; index++) sorted = before(index - 1, index) < 0;
  if (sorted) return events;
  const order = timestamps.map((_, index) => index).sort(before);
  return {
    timestamps: order.map((index) => timestamps[index]!),
    sequences: order.map((index) => sequences[index]!),
    ingestionTimes: order.map((index) => ingestionTimes[index]!),
    messages: order.map((index) => messages[index]!),
  };
}

/** All events of some columns, one after the other. */
export function concatenated(parts: Events[]): Events {
  return {
    timestamps: parts.flatMap((part) => part.timestamps),
    sequences: parts.flatMap((part) => part.sequences),
    ingestionTimes: parts.flatMap((part) => part.ingestionTimes),
    messages: parts.flatMap((part) => part.messages),
  };
}
