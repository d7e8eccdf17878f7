// DescribeLogStreams: a group's streams, by name or by the time of their last event.
import { invalidParameter } from '../errors.ts';
import { findGroupOf } from '../find-group.ts';
import { limits } from '../limits.ts';
import { streamArn } from '../log-arns.ts';
import { formatPosition } from '../log-event.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import type { LogGroup, LogStream } from '../store/index.ts';
import { parseToken, writeToken } from '../tokens.ts';

export function describeLogStreams({ store, sink }: Logs): LogsOperation<'DescribeLogStreams'> {
  return async (input, { caller }) => {
    const byTime = input.orderBy === 'LastEventTime';
    if (byTime && input.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const cursor = input.nextToken === undefined ? undefined : parseToken(input.nextToken, isCursor);
    await sink.flush();
    const group = await findGroupOf(store, caller, input);
    const limit = input.limit ?? limits.describePage;
    const descending = input.descending ?? false;
    const after = cursor && { name: cursor[0], time: cursor[1] };
    // One more than fits tells whether there is a next page.
    const streams = byTime
      ? await store.streams.listByLastEvent(group.id, { after, descending, limit: limit + 1 })
      : await store.streams.listByName(group.id, {
          prefix: input.logStreamNamePrefix ?? '',
          after: after?.name,
          descending,
          limit: limit + 1,
        });
    const page = streams.slice(0, limit);
    const last = page.at(-1);
    return {
      logStreams: page.map((stream) => describe(group, stream)),
      ...(streams.length > limit && last && { nextToken: writeToken([last.name, last.lastEventTime ?? -1]) }),
    };
  };
}

function describe(group: LogGroup, stream: LogStream) {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    ...(stream.firstEventTime !== undefined && { firstEventTimestamp: stream.firstEventTime }),
    ...(stream.lastEventTime !== undefined && { lastEventTimestamp: stream.lastEventTime }),
    ...(stream.lastIngestionTime !== undefined && { lastIngestionTime: stream.lastIngestionTime }),
    // A stream has one once it holds events.
    ...(stream.lastIngestionTime !== undefined && {
      uploadSequenceToken: formatPosition({ timestamp: 0, streamId: stream.id, sequence: 1 }),
    }),
    arn: streamArn(group, stream.name),
    // AWS reports zero for every stream since June 2019.
    storedBytes: 0,
  };
}

function isCursor(value: unknown): value is [name: string, time: number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
