// StartLiveTail: a stream of the events of some groups, as they are stored.
import { invalidParameter } from '../errors.ts';
import { compileFilterPattern } from '../filter-pattern/index.ts';
import { findGroupByIdentifier } from '../find-group.ts';
import type { Logs, LogsOperation } from '../logs.ts';

export function startLiveTail({ store, sink, liveTail }: Logs): LogsOperation<'StartLiveTail'> {
  return async (input, { caller, ids, requestId, signal }) => {
    const { logGroupIdentifiers, logStreamNames, logStreamNamePrefixes, logEventFilterPattern } = input;
    if (logStreamNames !== undefined && logStreamNamePrefixes !== undefined) {
      throw invalidParameter('Only one of logStreamNames and logStreamNamePrefixes can be specified.');
    }
    if ((logStreamNames ?? logStreamNamePrefixes) !== undefined && logGroupIdentifiers!.length > 1) {
      throw invalidParameter('Log streams can be specified for a single log group only.');
    }
    const acceptsMessage = compileFilterPattern(logEventFilterPattern ?? '');
    await sink.flush();
    const groups = await Promise.all(
      logGroupIdentifiers!.map((identifier) => findGroupByIdentifier(store, caller, identifier)),
    );
    const session = liveTail.open({
      account: caller.account,
      groupIds: new Set(groups.map(({ id }) => id)),
      acceptsStream: (name) =>
        (logStreamNames?.includes(name) ?? true) &&
        (logStreamNamePrefixes?.some((prefix) => name.startsWith(prefix)) ?? true),
      acceptsMessage,
    });
    signal.addEventListener('abort', () => session.close(), { once: true });
    if (signal.aborted) session.close();
    const start = {
      requestId,
      sessionId: ids.uuid(),
      logGroupIdentifiers,
      logStreamNames: logStreamNames ?? [],
      logStreamNamePrefixes: logStreamNamePrefixes ?? [],
      logEventFilterPattern: logEventFilterPattern ?? '',
    };
    async function* responseStream() {
      yield { sessionStart: start };
      for await (const { events, sampled } of session.updates()) {
        yield { sessionUpdate: { sessionMetadata: { sampled }, sessionResults: events } };
      }
    }
    return { responseStream: responseStream() };
  };
}
