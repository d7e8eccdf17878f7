// GetSamplingStatisticSummaries: what each rule sampled in the latest minute that it was asked in.
import { expectFirstPage } from '../pages.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getSamplingStatisticSummaries({ sampler }: XRay): XRayOperation<'GetSamplingStatisticSummaries'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    return {
      SamplingStatisticSummaries: sampler.statistics(caller).map(({ rule, time, requests, borrowed, sampled }) => ({
        RuleName: rule,
        Timestamp: new Date(time),
        RequestCount: requests,
        BorrowCount: borrowed,
        SampledCount: sampled,
      })),
    };
  };
}
