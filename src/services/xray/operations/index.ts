// The operations of X-Ray, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { XRay } from '../xray.ts';
import { batchGetTraces } from './batch-get-traces.ts';
import { createGroup } from './create-group.ts';
import { createSamplingRule } from './create-sampling-rule.ts';
import { deleteGroup } from './delete-group.ts';
import { deleteSamplingRule } from './delete-sampling-rule.ts';
import { getEncryptionConfig } from './get-encryption-config.ts';
import { getGroup } from './get-group.ts';
import { getGroups } from './get-groups.ts';
import { getSamplingRules } from './get-sampling-rules.ts';
import { getSamplingStatisticSummaries } from './get-sampling-statistic-summaries.ts';
import { getSamplingTargets } from './get-sampling-targets.ts';
import { getServiceGraph } from './get-service-graph.ts';
import { getTraceGraph } from './get-trace-graph.ts';
import { getTraceSummaries } from './get-trace-summaries.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { putEncryptionConfig } from './put-encryption-config.ts';
import { putTelemetryRecords } from './put-telemetry-records.ts';
import { putTraceSegments } from './put-trace-segments.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateGroup } from './update-group.ts';
import { updateSamplingRule } from './update-sampling-rule.ts';

export function operationsOf(xray: XRay): OperationTable<'xray'> {
  return {
    BatchGetTraces: batchGetTraces(xray),
    CreateGroup: createGroup(xray),
    CreateSamplingRule: createSamplingRule(xray),
    DeleteGroup: deleteGroup(xray),
    DeleteSamplingRule: deleteSamplingRule(xray),
    GetEncryptionConfig: getEncryptionConfig(),
    GetGroup: getGroup(xray),
    GetGroups: getGroups(xray),
    GetSamplingRules: getSamplingRules(xray),
    GetSamplingStatisticSummaries: getSamplingStatisticSummaries(xray),
    GetSamplingTargets: getSamplingTargets(xray),
    GetServiceGraph: getServiceGraph(xray),
    GetTraceGraph: getTraceGraph(xray),
    GetTraceSummaries: getTraceSummaries(xray),
    ListTagsForResource: listTagsForResource(xray),
    PutEncryptionConfig: putEncryptionConfig(),
    PutTelemetryRecords: putTelemetryRecords(),
    PutTraceSegments: putTraceSegments(xray),
    TagResource: tagResource(xray),
    UntagResource: untagResource(xray),
    UpdateGroup: updateGroup(xray),
    UpdateSamplingRule: updateSamplingRule(xray),
  };
}
