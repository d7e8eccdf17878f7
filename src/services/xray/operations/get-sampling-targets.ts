// GetSamplingTargets: takes what programs sampled by each rule, and tells them how many they may sample now.
import { notBuilt } from '../errors.ts';
import type { XRay, XRayOperation } from '../xray.ts';

/** Seconds after which a program is to ask again. */
const intervalSeconds = 10;

export function getSamplingTargets({ sampler }: XRay): XRayOperation<'GetSamplingTargets'> {
  return async (input, { caller, clock }) => {
    if ((input.SamplingBoostStatisticsDocuments ?? []).length > 0) throw notBuilt('sampling boost');
    const now = clock.now();
    const SamplingTargetDocuments = [];
    const UnprocessedStatistics = [];
    for (const document of input.SamplingStatisticsDocuments!) {
      const { RuleName, ClientID, Timestamp, RequestCount, SampledCount, BorrowCount } = document;
      const rule = sampler.rule(caller, RuleName!);
      if (rule === undefined) {
        UnprocessedStatistics.push({ RuleName, ErrorCode: '404', Message: 'Rule not found' });
        continue;
      }
      const ReservoirQuota = sampler.report(caller, ClientID!, rule, {
        time: Timestamp!.getTime(),
        requests: RequestCount!,
        sampled: SampledCount!,
        borrowed: BorrowCount ?? 0,
      });
      SamplingTargetDocuments.push({
        RuleName,
        FixedRate: rule.fixedRate,
        ReservoirQuota,
        ReservoirQuotaTTL: new Date(now + 2 * intervalSeconds * 1000),
        Interval: intervalSeconds,
      });
    }
    const LastRuleModification = new Date(Math.max(...sampler.rules(caller).map((rule) => rule.modifiedAt)));
    return { SamplingTargetDocuments, LastRuleModification, UnprocessedStatistics, UnprocessedBoostStatistics: [] };
  };
}
