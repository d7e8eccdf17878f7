// CreateSamplingRule: a rule that decides which requests are sampled.
import { nameNeeded, ruleExists, tooManyRules } from '../errors.ts';
import { limits } from '../limits.ts';
import { defaultRuleName, newRule, showRule } from '../sampling-rule.ts';
import type { RuleRecord } from '../store/resources.ts';
import { withTags } from '../tags.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function createSamplingRule({ resources }: XRay): XRayOperation<'CreateSamplingRule'> {
  return async (input, { caller, clock }) => {
    const given = input.SamplingRule!;
    if (given.RuleName === undefined || given.RuleARN !== undefined) throw nameNeeded();
    if (given.RuleName === defaultRuleName) throw ruleExists();
    const rule = newRule(given, withTags({}, input.Tags), clock.now());
    await resources.change<RuleRecord>(caller, 'rule', rule.name, (current) => {
      if (current !== undefined) throw ruleExists();
      if (resources.list(caller, 'rule').length >= limits.samplingRules) throw tooManyRules();
      return rule;
    });
    return { SamplingRuleRecord: showRule(caller, rule) };
  };
}
