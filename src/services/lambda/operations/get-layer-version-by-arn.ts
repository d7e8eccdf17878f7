// GetLayerVersionByArn: the same as GetLayerVersion, by one ARN.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { layerArn, parseLayerVersionArn, resolveLayerName } from '../layer-name.ts';
import { checkLayerAccess, checkLayerVersionNumber, layerVersionNotFound, showLayerVersion } from '../layer-version.ts';

export function getLayerVersionByArn(lambda: Lambda): LambdaOperation<'GetLayerVersionByArn'> {
  return async (input, { caller, endpoint }) => {
    const named = parseLayerVersionArn(input.Arn!);
    if (named === undefined) throw layerVersionNotFound();
    checkLayerVersionNumber(named.number);
    const key = resolveLayerName(layerArn(named), caller);
    const version = await lambda.store.layers.get(key, named.number);
    checkLayerAccess(key, named.number, version, caller);
    if (version === undefined) throw layerVersionNotFound();
    return showLayerVersion(key, version, lambda.downloads, endpoint);
  };
}
