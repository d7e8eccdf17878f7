// DeleteLayerVersion: nobody can take it any more; the functions that have it keep it.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { layerVersionArn, resolveLayerName } from '../layer-name.ts';
import { checkLayerOwner, checkLayerVersionNumber } from '../layer-version.ts';

export function deleteLayerVersion(lambda: Lambda): LambdaOperation<'DeleteLayerVersion'> {
  return async (input, { caller }) => {
    const number = input.VersionNumber!;
    checkLayerVersionNumber(number);
    const key = resolveLayerName(input.LayerName!, caller);
    checkLayerOwner(key, caller, 'DeleteLayerVersion', layerVersionArn(key, number));
    const deleted = await lambda.store.change(async ({ layers }) => {
      const version = await layers.get(key, number);
      // Deleting a version that is not there is no error, as on AWS.
      if (version !== undefined) await layers.delete(key, number);
      return version;
    });
    if (deleted !== undefined) lambda.abandon([deleted.code.sha256]);
    return {};
  };
}
