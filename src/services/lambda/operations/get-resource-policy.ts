// GetResourcePolicy: the policy of a function, a version or an alias, by its ARN.
import { resourceNotFound } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { policyResource, policySlot } from '../policies.ts';
import { findQualified, qualifiedNotFound } from '../qualified.ts';
import { type PolicyDocument, policyText } from '../resource-policy.ts';

export function getResourcePolicy(lambda: Lambda): LambdaOperation<'GetResourcePolicy'> {
  return async (input, { caller }) => {
    const owner = policyResource(input.ResourceArn!, caller, 'GetResourcePolicy');
    const found = await findQualified(lambda.store, owner, owner.qualifier);
    if (found === undefined) throw qualifiedNotFound(owner, owner.qualifier);
    const policy = await lambda.store.settings.get<PolicyDocument>('policy', owner, policySlot(owner));
    if (policy === undefined) throw resourceNotFound('The resource you requested does not exist.');
    return { Policy: policyText(policy), RevisionId: found.revisionId };
  };
}
