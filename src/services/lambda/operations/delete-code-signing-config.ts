// DeleteCodeSigningConfig: a configuration that no function has.
import { findConfig } from '../code-signing.ts';
import { resourceConflict } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function deleteCodeSigningConfig(lambda: Lambda): LambdaOperation<'DeleteCodeSigningConfig'> {
  return async (input, { caller }) => {
    const { account, region } = caller;
    const arn = input.CodeSigningConfigArn!;
    await lambda.store.change(async (transaction) => {
      const { id } = await findConfig(transaction, arn, caller);
      if ((await transaction.codeSigning.functionsWith(account, region, id, '', 1)).length > 0) {
        throw resourceConflict(
          `The code signing configuration ${arn} cannot be deleted because it is being used by a function.`,
        );
      }
      await transaction.codeSigning.delete(account, region, id);
    });
    return {};
  };
}
