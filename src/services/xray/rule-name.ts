// By what a sampling rule is named: its name or its ARN.
import { nameOrArn, noSuchRule } from './errors.ts';
import { ruleArn } from './sampling-rule.ts';
import type { Owner } from './xray.ts';

/** Throws InvalidRequestException. */
export function ruleName(
  owner: Owner,
  { RuleName, RuleARN }: { RuleName?: string | undefined; RuleARN?: string | undefined },
): string {
  if ((RuleName === undefined) === (RuleARN === undefined)) throw nameOrArn('Rule');
  if (RuleName !== undefined) return RuleName;
  const name = RuleARN!.slice(RuleARN!.lastIndexOf('/') + 1);
  if (ruleArn(owner, name) !== RuleARN) throw noSuchRule();
  return name;
}
