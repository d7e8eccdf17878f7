// ListLayers: the account's layers in this region, each with its latest version that matches.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkRuntimeFilter } from '../layer-compatibility.ts';
import { layerArn } from '../layer-name.ts';
import { listLayerVersion } from '../layer-version.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listLayers(lambda: Lambda): LambdaOperation<'ListLayers'> {
  return async (input, { caller: { account, region } }) => {
    checkRuntimeFilter(input.CompatibleRuntime);
    const filter = { runtime: input.CompatibleRuntime, architecture: input.CompatibleArchitecture };
    const size = input.MaxItems ?? limits.pageSize;
    const after = readMarker(input.Marker);
    const found = await lambda.store.layers.latest(account, region, after.name, filter, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      Layers: page.map((stored) => ({
        LayerName: stored.name,
        LayerArn: layerArn(stored),
        LatestMatchingVersion: listLayerVersion(stored, stored.version),
      })),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.name, last.version.number) } : {}),
    };
  };
}
