// GetSamplingRules: all sampling rules, that of every account included.
import { expectFirstPage } from '../pages.ts';
import { showRule } from '../sampling-rule.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getSamplingRules({ sampler }: XRay): XRayOperation<'GetSamplingRules'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    return { SamplingRuleRecords: sampler.rules(caller).map((rule) => showRule(caller, rule)) };
  };
}
