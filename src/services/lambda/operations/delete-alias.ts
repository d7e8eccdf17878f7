// DeleteAlias: an alias with everything that belongs to it but its URL; one that is not there is no error.
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { functionExistsIn } from '../qualified.ts';

export function deleteAlias(lambda: Lambda): LambdaOperation<'DeleteAlias'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'DeleteAlias');
    await lambda.store.change(async (transaction) => {
      if (!(await functionExistsIn(transaction, key))) throw functionNotFound(functionArn(key));
      if (await transaction.aliases.delete(key, input.Name!)) {
        // As on AWS the URL stays, and is forbidden to everyone: its policy is gone.
        await transaction.settings.deleteQualifier(key, input.Name!, 'url-config');
      }
    });
    lambda.reprovision(key);
    return {};
  };
}
