// DeleteFunction: a function with all its versions, or one version.
import { functionNotFound, invalidParameter, resourceConflict } from '../errors.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { aliasName } from '../qualified.ts';
import type { AliasRecord } from '../store/index.ts';
import { numberOf } from '../versions.ts';

export function deleteFunction(lambda: Lambda): LambdaOperation<'DeleteFunction'> {
  return async (input, { caller }) => {
    const { account, region, name, qualifier } = resolveFunctionName(
      input.FunctionName!,
      caller,
      'DeleteFunction',
      input.Qualifier,
    );
    const key = { account, region, name };
    if (qualifier === undefined) {
      const codeHashes = await lambda.store.change((transaction) => transaction.deleteFunction(key));
      if (codeHashes === undefined) throw functionNotFound(functionArn(key));
      lambda.forget(key, codeHashes);
      return { StatusCode: 204 };
    }
    const number = numberOf(qualifier);
    if (number === latest) throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    if (aliasName.test(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.');
    const deleted = await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) === undefined) throw functionNotFound(functionArn(key));
      if (number === undefined) return undefined;
      const version = await transaction.version({ ...key, number });
      // Deleting a version that is not there is no error, as on AWS.
      if (version === undefined) return undefined;
      const users = (await transaction.aliases.list(key)).filter((alias) => pointsTo(alias, number));
      if (users.length > 0) {
        throw resourceConflict(
          `Unable to delete version because the following aliases reference it: [${users.map(({ alias }) => alias).join(', ')}]`,
        );
      }
      await transaction.deleteVersion({ ...key, number });
      await transaction.settings.deleteQualifier(key, qualifier);
      return version;
    });
    if (deleted !== undefined) lambda.outdate({ ...key, number: deleted.number, version: deleted });
    return { StatusCode: 204 };
  };
}

function pointsTo(alias: AliasRecord, number: number): boolean {
  return alias.number === number || alias.routing?.number === number;
}
