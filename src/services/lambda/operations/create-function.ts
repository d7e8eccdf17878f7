// CreateFunction: a new function from a deployment package.
import { holdCode, readCode } from '../code-input.ts';
import { judged, judgeLayers, signingOfNew } from '../code-signing.ts';
import { checkCodeStorage } from '../code-storage.ts';
import { readNewConfiguration } from '../configuration-input.ts';
import { functionExists, invalidParameter, otherAccount } from '../errors.ts';
import { showConfiguration } from '../function-configuration.ts';
import { accountOfArn, resolveUnqualified } from '../function-name.ts';
import { creating, latest, type VersionRecord } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkUnpackedSize, withLayers } from '../layer-attachment.ts';
import { limits } from '../limits.ts';
import { checkTags } from '../tags.ts';
import { publish } from '../versions.ts';

export function createFunction(lambda: Lambda): LambdaOperation<'CreateFunction'> {
  return async (input, context) => {
    const { caller, clock, ids, call } = context;
    // Alone among the operations, this one says nothing about why.
    if ((accountOfArn(input.FunctionName!) ?? caller.account) !== caller.account) throw otherAccount();
    const key = resolveUnqualified(input.FunctionName!, caller, 'CreateFunction');
    if (key.name.length > limits.functionNameLength) {
      throw invalidParameter(
        `1 validation error detected: Value '${key.name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${limits.functionNameLength}`,
      );
    }
    const tags = checkTags(input.Tags ?? {});
    const settings = await readNewConfiguration(input, lambda);
    const isImage = settings.packageType === 'Image';
    const signing = await signingOfNew(lambda, input.CodeSigningConfigArn, caller);
    const unjudged = await readCode(input.Code!, isImage, call);
    const source = await judged(lambda, signing, key.name, unjudged, context);
    await judgeLayers(lambda, signing, key.name, input.Layers, context);
    if ((await lambda.store.function(key)) !== undefined) throw functionExists(key.name);
    const runtimeVersionHash = isImage ? '' : await lambda.runtimeVersionHash(settings.runtime);
    const shown = await holdCode(lambda.code, source, (code) =>
      lambda.store.change(async (transaction) => {
        if ((await transaction.function(key)) !== undefined) throw functionExists(key.name);
        const configuration = await withLayers(settings, input.Layers, transaction.layers, caller);
        checkUnpackedSize(code, configuration.layers);
        const version: VersionRecord = {
          number: latest,
          configuration,
          code,
          runtimeVersionHash,
          lastModified: clock.now(),
          revisionId: ids.uuid(),
          generation: ids.uuid(),
          state: creating,
        };
        await transaction.putFunction({ ...key, tags, lastNumber: 0 });
        if (signing !== undefined) await transaction.codeSigning.attach(key, signing.id);
        await transaction.putVersion(key, version);
        const shown =
          input.Publish === true ? (await publish(transaction, key, version, ids.uuid(), undefined)).version : version;
        await checkCodeStorage(transaction, key, lambda.quotas);
        return shown;
      }),
    );
    lambda.settle({ ...key, number: latest });
    if (shown.number !== latest) lambda.settle({ ...key, number: shown.number });
    return showConfiguration({ ...key, number: shown.number, version: shown });
  };
}
