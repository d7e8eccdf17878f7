// DescribeAlarmContributors: the time series that hold an alarm in ALARM. Only alarms on several time series have any, and
// those (Metrics Insights queries with GROUP BY) are refused when they are put.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { resourceNotFound } from '../errors.ts';

export function describeAlarmContributors({ alarms }: CloudWatch): CloudWatchOperation<'DescribeAlarmContributors'> {
  return async (input, { caller: { account, region } }) => {
    const alarm = await alarms.store.get({ account, region, name: input.AlarmName! });
    if (alarm === undefined) throw resourceNotFound(input.AlarmName!);
    return { AlarmContributors: [] };
  };
}
