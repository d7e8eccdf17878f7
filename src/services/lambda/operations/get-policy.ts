// GetPolicy: the policy of a function, a version or an alias, with the revision of its owner.
import { functionNotFound, resourceNotFound } from '../errors.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { policySlot } from '../policies.ts';
import { findQualified } from '../qualified.ts';
import { type PolicyDocument, policyText } from '../resource-policy.ts';

export function getPolicy(lambda: Lambda): LambdaOperation<'GetPolicy'> {
  return async (input, { caller }) => {
    const owner = resolveFunctionName(input.FunctionName!, caller, 'GetPolicy', input.Qualifier);
    const found = await findQualified(lambda.store, owner, owner.qualifier);
    if (found === undefined && owner.qualifier === undefined) throw functionNotFound(functionArn(owner));
    const policy = await lambda.store.settings.get<PolicyDocument>('policy', owner, policySlot(owner));
    if (found === undefined || policy === undefined) {
      throw resourceNotFound('The resource you requested does not exist.');
    }
    return { Policy: policyText(policy), RevisionId: found.revisionId };
  };
}
