// GetLayerVersionPolicy: who else may use a layer version.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findOwnLayerVersion, noLayerPolicy } from '../layer-policy.ts';
import { policyText } from '../resource-policy.ts';

export function getLayerVersionPolicy(lambda: Lambda): LambdaOperation<'GetLayerVersionPolicy'> {
  return async (input, { caller }) => {
    const { version } = await findOwnLayerVersion(lambda.store.layers, input, caller, 'GetLayerVersionPolicy');
    if (version.policy === undefined) throw noLayerPolicy();
    return { Policy: policyText(version.policy.document), RevisionId: version.policy.revisionId };
  };
}
