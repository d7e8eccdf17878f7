// PutLogEvents: stores a batch of events in a stream, durably before it answers.
import { streamNotFound } from '../errors.ts';
import { findGroup, findStream } from '../find-group.ts';
import { formatPosition } from '../log-event.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { checkBatch, splitByAge } from '../put-batch.ts';

export function putLogEvents({ store, sink, write }: Logs): LogsOperation<'PutLogEvents'> {
  return async (input, { caller, clock }) => {
    const events = input.logEvents!.map(({ timestamp, message }) => ({ timestamp: timestamp!, message: message! }));
    checkBatch(events);
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    const stream = await findStream(store, group, input.logStreamName!);
    const { accepted, rejected } = splitByAge(events, clock.now(), group.retentionDays);
    let sequence = 0;
    if (accepted.length > 0) {
      const [stored] = await write([
        {
          account: group.account,
          region: group.region,
          group: group.name,
          stream: stream.name,
          streamId: stream.id,
          timestamps: accepted.map(({ timestamp }) => timestamp),
          messages: accepted.map(({ message }) => message),
        },
      ]);
      if (stored === undefined) throw streamNotFound();
      sequence = stored.events.sequences.reduce((a, b) => Math.max(a, b));
    }
    return {
      nextSequenceToken: formatPosition({ timestamp: 0, streamId: stream.id, sequence: sequence + 1 }),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
      // Entities are not kept; AWS takes the events and says so in this member.
      ...(input.entity && { rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' as const } }),
    };
  };
}
