// UpdateFunctionConfiguration: new settings for $LATEST.
import { judgeLayers, signingOf } from '../code-signing.ts';
import { readChangedConfiguration } from '../configuration-input.ts';
import { functionNotFound } from '../errors.ts';
import { showConfiguration } from '../function-configuration.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { latest, updating, type VersionRecord } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkUnpackedSize, withLayers } from '../layer-attachment.ts';
import { latestForUpdate, renewedRuntimeHash } from '../versions.ts';

export function updateFunctionConfiguration(lambda: Lambda): LambdaOperation<'UpdateFunctionConfiguration'> {
  return async (input, context) => {
    const { caller, clock, ids } = context;
    const key = resolveUnqualified(input.FunctionName!, caller, 'UpdateFunctionConfiguration');
    const current = await lambda.store.version({ ...key, number: latest });
    if (current === undefined) throw functionNotFound(functionArn(key));
    await judgeLayers(lambda, await signingOf(lambda, key), key.name, input.Layers, context);
    // Learnt before the change begins: it may take as long as fetching an interpreter.
    const newRuntimeHash = await renewedRuntimeHash(lambda, current, input.Runtime);
    const { version, replaced } = await lambda.store.change(async (transaction) => {
      const before = await latestForUpdate(transaction, key, input.RevisionId);
      const settings = await readChangedConfiguration(before.configuration, input, lambda);
      const configuration = await withLayers(settings, input.Layers, transaction.layers, caller);
      checkUnpackedSize(before.code, configuration.layers);
      const after: VersionRecord = {
        ...before,
        configuration,
        runtimeVersionHash: newRuntimeHash ?? before.runtimeVersionHash,
        lastModified: clock.now(),
        revisionId: ids.uuid(),
        generation: ids.uuid(),
        lastUpdateStatus: updating,
      };
      await transaction.putVersion(key, after);
      return { version: after, replaced: before };
    });
    lambda.settle({ ...key, number: latest });
    lambda.outdate({ ...key, number: latest, version: replaced });
    return showConfiguration({ ...key, number: latest, version });
  };
}
