// PublishLayerVersion: a new version of a layer, which is made with its first one.
import { readPackage } from '../code-input.ts';
import { checkCodeStorage } from '../code-storage.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkCompatibility } from '../layer-compatibility.ts';
import { layerArn, resolveLayerName } from '../layer-name.ts';
import type { LayerVersionRecord } from '../layer-record.ts';
import { checkLayerOwner, showLayerVersion } from '../layer-version.ts';

export function publishLayerVersion(lambda: Lambda): LambdaOperation<'PublishLayerVersion'> {
  return async (input, { caller, clock, endpoint, call }) => {
    checkCompatibility(input.CompatibleRuntimes, input.CompatibleArchitectures);
    const key = resolveLayerName(input.LayerName!, caller);
    checkLayerOwner(key, caller, 'PublishLayerVersion', layerArn(key));
    const zip = await readPackage(input.Content!, call);
    const version = await lambda.code.hold(zip, (code) =>
      lambda.store.change(async ({ layers, usage }) => {
        const published: LayerVersionRecord = {
          number: await layers.nextNumber(key),
          description: input.Description ?? '',
          ...(input.CompatibleRuntimes === undefined ? {} : { runtimes: input.CompatibleRuntimes }),
          ...(input.CompatibleArchitectures === undefined ? {} : { architectures: input.CompatibleArchitectures }),
          ...(input.LicenseInfo === undefined ? {} : { licenseInfo: input.LicenseInfo }),
          created: clock.now(),
          code,
        };
        await layers.put(key, published);
        await checkCodeStorage({ usage }, caller, lambda.quotas);
        return published;
      }),
    );
    return showLayerVersion(key, version, lambda.downloads, endpoint);
  };
}
