// GetLayerVersion: a layer version, and where its content can be downloaded.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { resolveLayerName } from '../layer-name.ts';
import { checkLayerAccess, checkLayerVersionNumber, layerVersionNotFound, showLayerVersion } from '../layer-version.ts';

export function getLayerVersion(lambda: Lambda): LambdaOperation<'GetLayerVersion'> {
  return async (input, { caller, endpoint }) => {
    const number = input.VersionNumber!;
    checkLayerVersionNumber(number);
    const key = resolveLayerName(input.LayerName!, caller);
    const version = await lambda.store.layers.get(key, number);
    checkLayerAccess(key, number, version, caller);
    if (version === undefined) throw layerVersionNotFound();
    return showLayerVersion(key, version, lambda.downloads, endpoint);
  };
}
