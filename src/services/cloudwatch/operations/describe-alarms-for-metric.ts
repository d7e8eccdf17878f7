// DescribeAlarmsForMetric: alarms on a metric itself; math expressions and composite alarms are not looked into.
import { metricAlarmView } from '../alarm-view.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { metricKey } from '../store/alarms.ts';

export function describeAlarmsForMetric({ alarms }: CloudWatch): CloudWatchOperation<'DescribeAlarmsForMetric'> {
  return async (input, { caller }) => {
    const { Statistic, ExtendedStatistic, Period, Unit } = input;
    const key = metricKey({
      namespace: input.Namespace!,
      metricName: input.MetricName!,
      dimensions: (input.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!]),
    });
    const statistic = Statistic ?? ExtendedStatistic;
    const found = await alarms.store.ofMetric(caller, key);
    const views = found.flatMap((alarm) => {
      if (alarm.type !== 'MetricAlarm' || alarm.metric === undefined) return [];
      const { metric } = alarm;
      const matches =
        (statistic === undefined || metric.statistic === statistic) &&
        (Period === undefined || metric.period === Period) &&
        (Unit === undefined || metric.unit === Unit);
      return matches ? [metricAlarmView(alarm)] : [];
    });
    return { MetricAlarms: views };
  };
}
