// RemoveLayerVersionPermission: takes one statement off a layer version's policy.
import { layerPolicyPreconditionFailed } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findOwnLayerVersion, noLayerPolicy } from '../layer-policy.ts';
import type { LayerVersionRecord } from '../layer-record.ts';
import { removeStatement } from '../resource-policy.ts';

export function removeLayerVersionPermission(lambda: Lambda): LambdaOperation<'RemoveLayerVersionPermission'> {
  return async (input, { caller, ids }) => {
    const revisionId = ids.uuid();
    await lambda.store.change(async ({ layers }) => {
      const { key, version } = await findOwnLayerVersion(layers, input, caller, 'RemoveLayerVersionPermission');
      const { policy, ...rest } = version;
      if (policy === undefined) throw noLayerPolicy();
      if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId) {
        throw layerPolicyPreconditionFailed();
      }
      const document = removeStatement(policy.document, input.StatementId!);
      const changed: LayerVersionRecord = document === undefined ? rest : { ...rest, policy: { document, revisionId } };
      await layers.put(key, changed);
    });
    return {};
  };
}
