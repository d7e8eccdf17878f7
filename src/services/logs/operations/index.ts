// The operations of CloudWatch Logs, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { Logs } from '../logs.ts';
import { createLogGroup } from './create-log-group.ts';
import { createLogStream } from './create-log-stream.ts';
import { deleteLogGroup } from './delete-log-group.ts';
import { deleteLogStream } from './delete-log-stream.ts';
import { deleteRetentionPolicy } from './delete-retention-policy.ts';
import { deleteSubscriptionFilter } from './delete-subscription-filter.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { describeSubscriptionFilters } from './describe-subscription-filters.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { listLogGroups } from './list-log-groups.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { listTagsLogGroup } from './list-tags-log-group.ts';
import { putLogEvents } from './put-log-events.ts';
import { putLogGroupDeletionProtection } from './put-log-group-deletion-protection.ts';
import { putRetentionPolicy } from './put-retention-policy.ts';
import { putSubscriptionFilter } from './put-subscription-filter.ts';
import { startLiveTail } from './start-live-tail.ts';
import { tagLogGroup } from './tag-log-group.ts';
import { tagResource } from './tag-resource.ts';
import { testMetricFilter } from './test-metric-filter.ts';
import { untagLogGroup } from './untag-log-group.ts';
import { untagResource } from './untag-resource.ts';

export function operationsOf(logs: Logs): OperationTable<'logs'> {
  return {
    CreateLogGroup: createLogGroup(logs),
    CreateLogStream: createLogStream(logs),
    DeleteLogGroup: deleteLogGroup(logs),
    DeleteLogStream: deleteLogStream(logs),
    DeleteRetentionPolicy: deleteRetentionPolicy(logs),
    DeleteSubscriptionFilter: deleteSubscriptionFilter(logs),
    DescribeLogGroups: describeLogGroups(logs),
    DescribeLogStreams: describeLogStreams(logs),
    DescribeSubscriptionFilters: describeSubscriptionFilters(logs),
    FilterLogEvents: filterLogEvents(logs),
    GetLogEvents: getLogEvents(logs),
    ListLogGroups: listLogGroups(logs),
    ListTagsForResource: listTagsForResource(logs),
    ListTagsLogGroup: listTagsLogGroup(logs),
    PutLogEvents: putLogEvents(logs),
    PutLogGroupDeletionProtection: putLogGroupDeletionProtection(logs),
    PutRetentionPolicy: putRetentionPolicy(logs),
    PutSubscriptionFilter: putSubscriptionFilter(logs),
    StartLiveTail: startLiveTail(logs),
    TagLogGroup: tagLogGroup(logs),
    TagResource: tagResource(logs),
    TestMetricFilter: testMetricFilter(),
    UntagLogGroup: untagLogGroup(logs),
    UntagResource: untagResource(logs),
  };
}
