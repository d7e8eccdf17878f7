// PutMetricData: takes in measurements, stored before it answers.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidParameterValue, missingParameter } from '../errors.ts';
import type { MetricName } from '../metric.ts';
import { checkData } from '../metric-datum.ts';

export function putMetricData({ sink }: CloudWatch): CloudWatchOperation<'PutMetricData'> {
  return async (input, { caller, clock }) => {
    const namespace = input.Namespace!;
    if (namespace.startsWith('AWS/')) throw invalidParameterValue('The value AWS/ for parameter Namespace is invalid.');
    if (input.StrictEntityValidation === true && input.EntityMetricData !== undefined) {
      throw invalidParameterValue('The parameter StrictEntityValidation is not supported by this release of Lambent.');
    }
    const now = clock.now();
    // Entities are not kept; without strict validation AWS takes the data of entities that it does not keep.
    const data = [
      ...(input.MetricData ?? []),
      ...(input.EntityMetricData ?? []).flatMap((each) => each.MetricData ?? []),
    ];
    if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
    const metrics: MetricName[] = [];
    for (const { name, dimensions, unit, resolution, time, set } of checkData(data, 'MetricData', now)) {
      const metric = { account: caller.account, region: caller.region, namespace, name, dimensions };
      sink.addSet(metric, unit, resolution, set, time);
      metrics.push(metric);
    }
    await sink.flushMetrics(metrics);
    return {};
  };
}
