// FilterLogEvents: searches a group or some of its streams with a filter pattern.
import { invalidParameter, invalidToken } from '../errors.ts';
import { compileFilterPattern } from '../filter-pattern/index.ts';
import { findGroupOf, findStream } from '../find-group.ts';
import { bounds, limits } from '../limits.ts';
import { formatPosition, type LogEvent, type Position, parsePosition } from '../log-event.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { Page } from '../page.ts';
import { type Reading, readEvents } from '../read-events.ts';
import { retainedFrom } from '../retention.ts';
import type { LogGroup, Store } from '../store/index.ts';

export function filterLogEvents({ store, sink }: Logs): LogsOperation<'FilterLogEvents'> {
  return async (input, { caller, clock }) => {
    const { logStreamNames, logStreamNamePrefix } = input;
    if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
      throw invalidParameter('Only one of logStreamNames and logStreamNamePrefix can be specified.');
    }
    const matches = compileFilterPattern(input.filterPattern ?? '');
    const past = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    await sink.flush();
    const group = await findGroupOf(store, caller, input);
    const scope = await scopeOf(store, group, logStreamNames, logStreamNamePrefix);
    const page = new Page<LogEvent>(input.limit ?? limits.pageEvents);
    const stoppedAt = await readEvents(
      store.blocks,
      {
        scope,
        from: Math.max(input.startTime ?? 0, retainedFrom(group, clock.now())),
        // An event at endTime is included, other than in GetLogEvents.
        to: input.endTime ?? Number.MAX_SAFE_INTEGER,
        forward: input.startFromHead ?? true,
        past,
      },
      (event) => !matches(event.message) || page.add(event, event.message),
      bounds.searchBytesPerCall,
    );
    const names = new StreamNames(store);
    const events = [];
    for (const event of page.items) {
      const logStreamName = await names.of(event.streamId);
      const { timestamp, message, ingestionTime } = event;
      events.push({ logStreamName, timestamp, message, ingestionTime, eventId: formatPosition(event) });
    }
    return {
      events,
      // AWS reports searched streams no longer.
      searchedLogStreams: [],
      ...(stoppedAt && { nextToken: writeToken(stoppedAt) }),
    };
  };
}

async function scopeOf(
  store: Store,
  group: LogGroup,
  names: string[] | undefined,
  prefix: string | undefined,
): Promise<Reading['scope']> {
  if (names !== undefined) {
    const streams = await Promise.all([...new Set(names)].map((name) => findStream(store, group, name)));
    return { streamIds: streams.map(({ id }) => id) };
  }
  if (prefix !== undefined) {
    const streamIds = await store.streams.idsByPrefix(group.id, prefix);
    // A prefix can mean thousands of streams; it is cheaper to pass over the group's blocks than to look into each.
    return streamIds.length <= bounds.streamsLookedUp ? { streamIds } : { groupId: group.id, only: new Set(streamIds) };
  }
  return { groupId: group.id };
}

function writeToken(position: Position): string {
  return Buffer.from(formatPosition(position)).toString('base64url');
}

function parseToken(token: string): Position {
  const position = parsePosition(Buffer.from(token, 'base64url').toString());
  if (position === undefined) throw invalidToken();
  return position;
}

/** Names of streams, each looked up once. */
class StreamNames {
  readonly #store: Store;
  readonly #names = new Map<number, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  async of(id: number): Promise<string | undefined> {
    const name = this.#names.get(id) ?? (await this.#store.streams.nameOf(id));
    if (name !== undefined) this.#names.set(id, name);
    return name;
  }
}
