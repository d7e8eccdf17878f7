// PutMetricAlarm: creates an alarm on a metric or on metric math, or replaces the configuration of one.
import { initialReason, type MetricAlarm } from '../alarm.ts';
import { actionsFrom } from '../alarm-action.ts';
import { configurationItem } from '../alarm-history.ts';
import { conditionFrom } from '../alarm-input.ts';
import { checkAlarmName } from '../alarm-name.ts';
import { queryView } from '../alarm-view.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { otherTypeOfAlarm } from '../errors.ts';
import { checkQueries } from '../metric-data-queries.ts';
import { withTags } from '../tags.ts';

export function putMetricAlarm(cloudWatch: CloudWatch): CloudWatchOperation<'PutMetricAlarm'> {
  const { alarms } = cloudWatch;
  return async (input, { caller, clock, ids }) => {
    const { account, region } = caller;
    const name = checkAlarmName(input.AlarmName!);
    const condition = conditionFrom(input);
    if (condition.queries !== undefined) {
      checkQueries(condition.queries.map(queryView), 'Metrics');
      // A look at nothing: what an expression names must be there, and it must result in one time series.
      await cloudWatch.evaluateQueries(caller, condition.queries.map(queryView), clock.now(), clock.now());
    }
    const actions = actionsFrom(input, caller);
    const tags = withTags({}, input.Tags);
    const now = clock.now();
    const alarm = await alarms.change(async (writer) => {
      const before = await writer.get({ account, region, name });
      if (before?.type === 'CompositeAlarm') throw otherTypeOfAlarm(name);
      const initial = {
        value: 'INSUFFICIENT_DATA',
        reason: initialReason,
        updated: now,
        transitioned: now,
      } as const;
      const changed: MetricAlarm = {
        type: 'MetricAlarm',
        account,
        region,
        name,
        id: ids.uuid(),
        ...(input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription }),
        actions,
        configured: now,
        state: before?.state ?? initial,
        ...condition,
      };
      await writer.put(changed, tags);
      await writer.addHistory(configurationItem(before === undefined ? 'Create' : 'Update', changed, now));
      return changed;
    });
    alarms.watch(alarm);
    return {};
  };
}
