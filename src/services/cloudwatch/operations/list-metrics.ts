// ListMetrics: metrics that had values in the past two weeks, by namespace, name and dimensions.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidParameterValue } from '../errors.ts';
import { limits } from '../limits.ts';
import { dimensionsOf } from '../metric.ts';
import type { ListedMetric } from '../store/metrics.ts';
import { parseToken, writeToken } from '../tokens.ts';

export function listMetrics({ store, sink }: CloudWatch): CloudWatchOperation<'ListMetrics'> {
  return async (input, { caller, clock }) => {
    const after = input.NextToken === undefined ? undefined : readToken(input.NextToken);
    const linked = input.IncludeLinkedAccounts === true;
    // No other account shares its metrics with this one.
    if (input.OwningAccount !== undefined && input.OwningAccount !== caller.account) {
      return { Metrics: [], ...(linked && { OwningAccounts: [] }) };
    }
    await sink.flush();
    const activeMs = input.RecentlyActive === 'PT3H' ? limits.recentlyActiveMs : limits.listedForMs;
    const found = await store.list(
      {
        account: caller.account,
        region: caller.region,
        namespace: input.Namespace,
        name: input.MetricName,
        dimensions: (input.Dimensions ?? []).map(({ Name, Value }) => ({ name: Name!, value: Value })),
        activeFrom: Math.floor((clock.now() - activeMs) / 1000),
      },
      after,
      limits.metricsPerPage + 1,
    );
    const page = found.slice(0, limits.metricsPerPage);
    const last = page.at(-1);
    return {
      Metrics: page.map(({ namespace, name, dimensionsKey }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensionsOf(dimensionsKey).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(found.length > page.length && last !== undefined && { NextToken: writeToken(last) }),
      ...(linked && { OwningAccounts: page.map(() => caller.account) }),
    };
  };
}

function readToken(token: string): ListedMetric {
  const after = parseToken(token, isListed);
  if (after === undefined) throw invalidParameterValue('The value for parameter NextToken is invalid.');
  return after;
}

function isListed(value: unknown): value is ListedMetric {
  if (typeof value !== 'object' || value === null) return false;
  return ['namespace', 'name', 'dimensionsKey'].every(
    (key) => typeof (value as Record<string, unknown>)[key] === 'string',
  );
}
