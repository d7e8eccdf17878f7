// ListLayerVersions: the versions of a layer that match, the latest first; of a layer that does not exist, none.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRuntimeFilter } from '../layer-compatibility.ts';
import { layerArn, resolveLayerName } from '../layer-name.ts';
import { checkLayerOwner, listLayerVersion } from '../layer-version.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listLayerVersions(lambda: Lambda): LambdaOperation<'ListLayerVersions'> {
  return async (input, { caller }) => {
    checkRuntimeFilter(input.CompatibleRuntime);
    const key = resolveLayerName(input.LayerName!, caller);
    checkLayerOwner(key, caller, 'ListLayerVersions', layerArn(key));
    const filter = { runtime: input.CompatibleRuntime, architecture: input.CompatibleArchitecture };
    const size = input.MaxItems ?? limits.pageSize;
    const { number } = readMarker(input.Marker);
    const below = number < 0 ? Number.MAX_SAFE_INTEGER : number;
    const found = await lambda.store.layers.versionsOf(key, below, filter, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      LayerVersions: page.map((version) => listLayerVersion(key, version)),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(key.name, last.number) } : {}),
    };
  };
}
