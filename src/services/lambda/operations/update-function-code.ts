// UpdateFunctionCode: new code for $LATEST, published at once if asked.
import { examineCode, holdCode, readCode } from '../code-input.ts';
import { judged, signingOf } from '../code-signing.ts';
import { checkCodeStorage } from '../code-storage.ts';
import { functionNotFound, invalidParameter, preconditionFailed, settingNotBuilt } from '../errors.ts';
import { showConfiguration } from '../function-configuration.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { latest, updating, type VersionRecord } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkUnpackedSize } from '../layer-attachment.ts';
import { latestForUpdate, publish, renewedRuntimeHash } from '../versions.ts';

export function updateFunctionCode(lambda: Lambda): LambdaOperation<'UpdateFunctionCode'> {
  return async (input, context) => {
    const { caller, clock, ids, call } = context;
    const key = resolveUnqualified(input.FunctionName!, caller, 'UpdateFunctionCode');
    const current = await lambda.store.version({ ...key, number: latest });
    if (current === undefined) throw functionNotFound(functionArn(key));
    if (input.PublishTo !== undefined) throw settingNotBuilt('PublishTo');
    const isImage = current.configuration.packageType === 'Image';
    if (isImage && input.ImageUri === undefined) {
      throw invalidParameter('Please provide ImageUri when updating a function with packageType Image.');
    }
    if (!isImage && input.ImageUri !== undefined) {
      throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    const unjudged = await readCode(input, isImage, call);
    const source = await judged(lambda, await signingOf(lambda, key), key.name, unjudged, context);
    if (input.DryRun === true) {
      if (input.RevisionId !== undefined && input.RevisionId !== current.revisionId) throw preconditionFailed();
      const code = await examineCode(lambda.code, source);
      checkUnpackedSize(code, current.configuration.layers);
      return showConfiguration({ ...key, number: latest, version: { ...current, code } });
    }
    const newRuntimeHash = await renewedRuntimeHash(lambda, current, undefined);
    const { version, replaced } = await holdCode(
      lambda.code,
      source,
      (code) =>
        lambda.store.change(async (transaction) => {
          const before = await latestForUpdate(transaction, key, input.RevisionId);
          checkUnpackedSize(code, before.configuration.layers);
          const after: VersionRecord = {
            ...before,
            code,
            configuration: {
              ...before.configuration,
              architecture: (input.Architectures?.[0] ?? before.configuration.architecture) as 'x86_64' | 'arm64',
            },
            runtimeVersionHash: newRuntimeHash ?? before.runtimeVersionHash,
            lastModified: clock.now(),
            revisionId: ids.uuid(),
            generation: ids.uuid(),
            lastUpdateStatus: updating,
          };
          await transaction.putVersion(key, after);
          const shown =
            input.Publish === true ? (await publish(transaction, key, after, ids.uuid(), undefined)).version : after;
          await checkCodeStorage(transaction, key, lambda.quotas);
          return { version: shown, replaced: before };
        }),
      isImage ? undefined : current.code,
    );
    lambda.settle({ ...key, number: latest });
    if (version.number !== latest) lambda.settle({ ...key, number: version.number });
    lambda.outdate({ ...key, number: latest, version: replaced });
    return showConfiguration(
      { ...key, number: version.number, version },
      { arnQualifier: version.number === latest ? undefined : String(version.number) },
    );
  };
}
