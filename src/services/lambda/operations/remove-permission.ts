// RemovePermission: takes a statement out of a policy; the last one takes the policy with it.
import { resourceNotFound } from '../errors.ts';
import { functionArn } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRevision, policyOwner, policySlot, putPolicy } from '../policies.ts';
import { findQualified, functionExistsIn, qualifiedNotFound } from '../qualified.ts';
import { type PolicyDocument, removeStatement } from '../resource-policy.ts';

export function removePermission(lambda: Lambda): LambdaOperation<'RemovePermission'> {
  return async (input, { caller, ids }) => {
    const owner = policyOwner(input.FunctionName!, caller, 'RemovePermission', input.Qualifier);
    await lambda.store.change(async (transaction) => {
      if (!(await functionExistsIn(transaction, owner))) {
        throw resourceNotFound(`No policy found for: ${functionArn(owner, owner.qualifier)}`);
      }
      const found = await findQualified(transaction, owner, owner.qualifier);
      if (found === undefined) throw qualifiedNotFound(owner, owner.qualifier);
      const before = await transaction.settings.get<PolicyDocument>('policy', owner, policySlot(owner));
      if (before === undefined) throw resourceNotFound('No policy is associated with the given resource.');
      const after = removeStatement(before, input.StatementId!);
      checkRevision(found, input.RevisionId);
      await putPolicy(transaction, owner, found, after, ids.uuid());
    });
    return {};
  };
}
