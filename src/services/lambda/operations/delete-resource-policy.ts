// DeleteResourcePolicy: the whole policy of a function, a version or an alias.
import { resourceNotFound } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRevision, policyResource, policySlot, putPolicy } from '../policies.ts';
import { findQualified, qualifiedNotFound } from '../qualified.ts';

export function deleteResourcePolicy(lambda: Lambda): LambdaOperation<'DeleteResourcePolicy'> {
  return async (input, { caller, ids }) => {
    const owner = policyResource(input.ResourceArn!, caller, 'DeleteResourcePolicy');
    await lambda.store.change(async (transaction) => {
      const found = await findQualified(transaction, owner, owner.qualifier);
      if (found === undefined) throw qualifiedNotFound(owner, owner.qualifier);
      const before = await transaction.settings.get('policy', owner, policySlot(owner));
      if (before === undefined) throw resourceNotFound('No policy is associated with the given resource.');
      checkRevision(found, input.RevisionId);
      await putPolicy(transaction, owner, found, undefined, ids.uuid());
    });
    return {};
  };
}
