// DescribeAlarmHistory: what happened to alarms in the past thirty days, also to those that were deleted.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidNextToken, notBuilt, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { HistoryPlace } from '../store/alarms.ts';
import { parseToken, writeToken } from '../tokens.ts';
import { typesFrom } from './describe-alarms.ts';

export function describeAlarmHistory({ alarms }: CloudWatch): CloudWatchOperation<'DescribeAlarmHistory'> {
  return async (input, { caller, clock }) => {
    const { AlarmName: name, AlarmContributorId: contributor, StartDate: start, EndDate: end } = input;
    if (contributor !== undefined) throw notBuilt('Contributors of alarms (AlarmContributorId) are');
    if (start !== undefined && end !== undefined && start > end) {
      throw validationError('StartDate must be less than or equal to EndDate');
    }
    const place = input.NextToken === undefined ? undefined : parseToken(input.NextToken, isPlace);
    if (input.NextToken !== undefined && place === undefined) throw invalidNextToken();
    const kept = clock.now() - limits.historyKeptMs;
    const size = input.MaxRecords ?? limits.historyItemsPerPage;
    const filter = {
      account: caller.account,
      region: caller.region,
      name,
      // An alarm that is named is of one type only.
      types: name !== undefined && input.AlarmTypes === undefined ? allTypes : typesFrom(input.AlarmTypes),
      itemType: input.HistoryItemType,
      from: Math.max(kept, start?.getTime() ?? kept),
      to: end?.getTime() ?? Number.MAX_SAFE_INTEGER,
    };
    const newestFirst = input.ScanBy !== 'TimestampAscending';
    const found = await alarms.store.history(filter, place, newestFirst, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      AlarmHistoryItems: page.map((item) => ({
        AlarmName: item.name,
        AlarmType: item.type,
        Timestamp: new Date(item.time),
        HistoryItemType: item.itemType,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...(found.length > size && last ? { NextToken: writeToken({ time: last.time, id: last.id }) } : {}),
    };
  };
}

const allTypes = typesFrom(['MetricAlarm', 'CompositeAlarm']);

function isPlace(value: unknown): value is HistoryPlace {
  const place = value as HistoryPlace | null;
  return typeof place === 'object' && Number.isInteger(place?.time) && Number.isInteger(place?.id);
}
