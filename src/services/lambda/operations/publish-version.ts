// PublishVersion: freezes $LATEST as a numbered version.
import { checkCodeStorage } from '../code-storage.ts';
import { invalidParameter, settingNotBuilt } from '../errors.ts';
import { showConfiguration, shownCodeHash } from '../function-configuration.ts';
import { resolveUnqualified } from '../function-name.ts';
import { isSettled } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { latestForUpdate, publish } from '../versions.ts';

export function publishVersion(lambda: Lambda): LambdaOperation<'PublishVersion'> {
  return async (input, { caller, ids }) => {
    if (input.PublishTo !== undefined) throw settingNotBuilt('PublishTo');
    const key = resolveUnqualified(input.FunctionName!, caller, 'PublishVersion');
    const version = await lambda.store.change(async (transaction) => {
      const current = await latestForUpdate(transaction, key, input.RevisionId);
      const sha256 = shownCodeHash(current.code);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== '' && input.CodeSha256 !== sha256) {
        throw invalidParameter(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      }
      const published = await publish(transaction, key, current, ids.uuid(), input.Description);
      if (published.isNew) {
        await transaction.putVersion(key, { ...current, revisionId: ids.uuid() });
        await checkCodeStorage(transaction, key, lambda.quotas);
      }
      return published.version;
    });
    if (!isSettled(version)) lambda.settle({ ...key, number: version.number });
    return showConfiguration({ ...key, number: version.number, version }, { arnQualifier: String(version.number) });
  };
}
