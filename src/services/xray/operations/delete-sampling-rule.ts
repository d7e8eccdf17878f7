// DeleteSamplingRule: forgets a rule.
import { defaultRuleStays, noSuchRule } from '../errors.ts';
import { ruleName } from '../rule-name.ts';
import { defaultRuleName, showRule } from '../sampling-rule.ts';
import type { RuleRecord } from '../store/resources.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function deleteSamplingRule({ resources }: XRay): XRayOperation<'DeleteSamplingRule'> {
  return async (input, { caller }) => {
    const name = ruleName(caller, input);
    if (name === defaultRuleName) throw defaultRuleStays();
    let deleted: RuleRecord | undefined;
    await resources.change<RuleRecord>(caller, 'rule', name, (current) => {
      if (current === undefined) throw noSuchRule();
      deleted = current;
      return undefined;
    });
    return { SamplingRuleRecord: showRule(caller, deleted!) };
  };
}
