// AddPermission: one more statement in the policy of a function, a version or an alias.
import { invalidParameter } from '../errors.ts';
import { functionArn } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRevision, policyOwner, policySlot, putPolicy } from '../policies.ts';
import { findQualified, qualifiedNotFound } from '../qualified.ts';
import { addStatement, buildStatement, type PolicyDocument } from '../resource-policy.ts';

export function addPermission(lambda: Lambda): LambdaOperation<'AddPermission'> {
  return async (input, { caller, ids }) => {
    const owner = policyOwner(input.FunctionName!, caller, 'AddPermission', input.Qualifier);
    if (input.FunctionUrlAuthType !== undefined && input.Action !== 'lambda:InvokeFunctionUrl') {
      throw invalidParameter('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
    }
    if (input.InvokedViaFunctionUrl !== undefined && input.Action !== 'lambda:InvokeFunction') {
      throw invalidParameter('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action');
    }
    const statement = buildStatement({
      sid: input.StatementId!,
      principal: input.Principal!,
      action: input.Action!,
      resource: functionArn(owner, owner.qualifier),
      sourceArn: input.SourceArn,
      sourceAccount: input.SourceAccount,
      eventSourceToken: input.EventSourceToken,
      functionUrlAuthType: input.FunctionUrlAuthType,
      invokedViaFunctionUrl: input.InvokedViaFunctionUrl,
      principalOrgId: input.PrincipalOrgID,
    });
    await lambda.store.change(async (transaction) => {
      const found = await findQualified(transaction, owner, owner.qualifier);
      if (found === undefined) throw qualifiedNotFound(owner, owner.qualifier);
      checkRevision(found, input.RevisionId);
      const before = await transaction.settings.get<PolicyDocument>('policy', owner, policySlot(owner));
      await putPolicy(transaction, owner, found, addStatement(before, statement), ids.uuid());
    });
    return { Statement: JSON.stringify(statement) };
  };
}
