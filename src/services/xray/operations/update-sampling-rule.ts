// UpdateSamplingRule: changes what is given of a rule.
import { defaultRuleMatchesAll, noSuchRule } from '../errors.ts';
import { ruleName } from '../rule-name.ts';
import { changedRule, defaultRule, defaultRuleName, showRule } from '../sampling-rule.ts';
import type { RuleRecord } from '../store/resources.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function updateSamplingRule({ resources }: XRay): XRayOperation<'UpdateSamplingRule'> {
  return async (input, { caller, clock }) => {
    const { FixedRate: _rate, ReservoirSize: _size, RuleName, RuleARN, ...rest } = input.SamplingRuleUpdate!;
    const name = ruleName(caller, { RuleName, RuleARN });
    const isDefault = name === defaultRuleName;
    if (isDefault && Object.values(rest).some((value) => value !== undefined)) throw defaultRuleMatchesAll();
    const rule = await resources.change<RuleRecord>(caller, 'rule', name, (current) => {
      const before = current ?? (isDefault ? defaultRule : undefined);
      if (before === undefined) throw noSuchRule();
      return changedRule(before, input.SamplingRuleUpdate!, clock.now());
    });
    return { SamplingRuleRecord: showRule(caller, rule!) };
  };
}
