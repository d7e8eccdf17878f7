// The operations of CloudWatch, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { CloudWatch } from '../cloudwatch.ts';
import { deleteAlarms } from './delete-alarms.ts';
import { deleteDashboards } from './delete-dashboards.ts';
import { describeAlarmContributors } from './describe-alarm-contributors.ts';
import { describeAlarmHistory } from './describe-alarm-history.ts';
import { describeAlarms } from './describe-alarms.ts';
import { describeAlarmsForMetric } from './describe-alarms-for-metric.ts';
import { disableAlarmActions } from './disable-alarm-actions.ts';
import { enableAlarmActions } from './enable-alarm-actions.ts';
import { getDashboard } from './get-dashboard.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { listDashboards } from './list-dashboards.ts';
import { listMetrics } from './list-metrics.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { putCompositeAlarm } from './put-composite-alarm.ts';
import { putDashboard } from './put-dashboard.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import { setAlarmState } from './set-alarm-state.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';

export function operationsOf(cloudWatch: CloudWatch): OperationTable<'cloudwatch'> {
  return {
    DeleteAlarms: deleteAlarms(cloudWatch),
    DeleteDashboards: deleteDashboards(cloudWatch),
    DescribeAlarmContributors: describeAlarmContributors(cloudWatch),
    DescribeAlarmHistory: describeAlarmHistory(cloudWatch),
    DescribeAlarms: describeAlarms(cloudWatch),
    DescribeAlarmsForMetric: describeAlarmsForMetric(cloudWatch),
    DisableAlarmActions: disableAlarmActions(cloudWatch),
    EnableAlarmActions: enableAlarmActions(cloudWatch),
    GetDashboard: getDashboard(cloudWatch),
    GetMetricData: getMetricData(cloudWatch),
    GetMetricStatistics: getMetricStatistics(cloudWatch),
    ListDashboards: listDashboards(cloudWatch),
    ListMetrics: listMetrics(cloudWatch),
    ListTagsForResource: listTagsForResource(cloudWatch),
    PutCompositeAlarm: putCompositeAlarm(cloudWatch),
    PutDashboard: putDashboard(cloudWatch),
    PutMetricAlarm: putMetricAlarm(cloudWatch),
    PutMetricData: putMetricData(cloudWatch),
    SetAlarmState: setAlarmState(cloudWatch),
    TagResource: tagResource(cloudWatch),
    UntagResource: untagResource(cloudWatch),
  };
}
