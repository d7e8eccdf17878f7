// DeleteFunction: a function with all its versions, or one version.
import { functionNotFound, invalidParameter } from '../errors.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { numberOf } from '../versions.ts';

/** What AWS takes for the name of an alias: anything but a number. */
const aliasName = /^(?!\d+$)[a-zA-Z0-9-_]+$/;

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
      if (version !== undefined) await transaction.deleteVersion({ ...key, number });
      return version;
    });
    if (deleted !== undefined) lambda.outdate({ ...key, number: deleted.number, version: deleted });
    return { StatusCode: 204 };
  };
}
