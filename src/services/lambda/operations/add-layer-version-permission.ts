// AddLayerVersionPermission: lets another account, or all, use a layer version.
import { layerPolicyPreconditionFailed } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findOwnLayerVersion } from '../layer-policy.ts';
import { addStatement, buildStatement } from '../resource-policy.ts';

export function addLayerVersionPermission(lambda: Lambda): LambdaOperation<'AddLayerVersionPermission'> {
  return async (input, { caller, ids }) => {
    const revisionId = ids.uuid();
    const statement = await lambda.store.change(async ({ layers }) => {
      const { key, arn, version } = await findOwnLayerVersion(layers, input, caller, 'AddLayerVersionPermission');
      const added = buildStatement({
        sid: input.StatementId!,
        principal: input.Principal!,
        action: input.Action!,
        resource: arn,
        principalOrgId: input.OrganizationId,
      });
      const document = addStatement(version.policy?.document, added);
      if (input.RevisionId !== undefined && input.RevisionId !== version.policy?.revisionId) {
        throw layerPolicyPreconditionFailed();
      }
      await layers.put(key, { ...version, policy: { document, revisionId } });
      return added;
    });
    return { Statement: JSON.stringify(statement), RevisionId: revisionId };
  };
}
