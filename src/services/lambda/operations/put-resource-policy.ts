// PutResourcePolicy: replaces the whole policy of a function, a version or an alias.
import { functionArn } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRevision, policyResource, putPolicy } from '../policies.ts';
import { readPolicyDocument } from '../policy-document.ts';
import { findQualified, qualifiedNotFound } from '../qualified.ts';
import { policyText } from '../resource-policy.ts';

export function putResourcePolicy(lambda: Lambda): LambdaOperation<'PutResourcePolicy'> {
  return async (input, { caller, ids }) => {
    const owner = policyResource(input.ResourceArn!, caller, 'PutResourcePolicy');
    const policy = readPolicyDocument(input.Policy!, functionArn(owner, owner.qualifier));
    const RevisionId = ids.uuid();
    await lambda.store.change(async (transaction) => {
      const found = await findQualified(transaction, owner, owner.qualifier);
      if (found === undefined) throw qualifiedNotFound(owner, owner.qualifier);
      checkRevision(found, input.RevisionId);
      await putPolicy(transaction, owner, found, policy, RevisionId);
    });
    return { Policy: policyText(policy), RevisionId };
  };
}
