// GetLogEvents: pages through one stream, forward or backward.
import { invalidToken } from '../errors.ts';
import { findGroupOf, findStream } from '../find-group.ts';
import { limits } from '../limits.ts';
import { formatPosition, type LogEvent, type Position, parsePosition } from '../log-event.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { Page } from '../page.ts';
import { readEvents } from '../read-events.ts';
import { retainedFrom } from '../retention.ts';

export function getLogEvents({ store, sink }: Logs): LogsOperation<'GetLogEvents'> {
  return async (input, { caller, clock }) => {
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    await sink.flush();
    const group = await findGroupOf(store, caller, input);
    const stream = await findStream(store, group, input.logStreamName!);
    // The direction of a token outweighs startFromHead, as on AWS.
    const forward = token === undefined ? (input.startFromHead ?? false) : token.forward;
    const from = Math.max(input.startTime ?? 0, retainedFrom(group, clock.now()));
    const page = new Page<LogEvent>(input.limit ?? limits.pageEvents);
    await readEvents(
      store.blocks,
      {
        scope: { streamIds: [stream.id] },
        from,
        // An event at endTime is not included.
        to: (input.endTime ?? Number.MAX_SAFE_INTEGER) - 1,
        forward,
        past: token?.position,
      },
      (event) => page.add(event, event.message),
    );
    const events = forward ? page.items : page.items.reverse();
    const [first, last] = edges(events, token, { timestamp: from, streamId: stream.id, sequence: 0 });
    return {
      events: events.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${formatPosition(last)}/s`,
      nextBackwardToken: `b/${formatPosition(first)}/s`,
    };
  };
}

interface Token {
  forward: boolean;
  /** Exclusive in the token's direction. */
  position: Position;
}

function parseToken(text: string): Token {
  const match = /^([fb])\/(\d{56})\/s$/.exec(text);
  const position = match && parsePosition(match[2]!);
  if (!match || !position) throw invalidToken();
  return { forward: match[1] === 'f', position };
}

/** The positions before and after a page. At the end of a stream, the token that led there leads there again. */
function edges(events: LogEvent[], token: Token | undefined, start: Position): [before: Position, after: Position] {
  const first = events[0];
  const last = events.at(-1);
  if (first !== undefined && last !== undefined) return [first, last];
  if (token === undefined) return [start, start];
  // The other direction shall find again the event at which this one stopped.
  const { position } = token;
  return token.forward
    ? [{ ...position, sequence: position.sequence + 1 }, position]
    : [position, { ...position, sequence: Math.max(0, position.sequence - 1) }];
}
