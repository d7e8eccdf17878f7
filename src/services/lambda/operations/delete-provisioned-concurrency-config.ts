// DeleteProvisionedConcurrencyConfig: environments of a version or alias are no longer kept ready; none is no error.
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkProvisionable } from '../provisioned-concurrency.ts';

export function deleteProvisionedConcurrencyConfig(
  lambda: Lambda,
): LambdaOperation<'DeleteProvisionedConcurrencyConfig'> {
  return async (input, { caller }) => {
    const action = 'DeleteProvisionedConcurrencyConfig';
    const reference = resolveFunctionName(input.FunctionName!, caller, action, input.Qualifier!);
    await lambda.store.change(async (transaction) => {
      await checkProvisionable(transaction, reference, reference.qualifier!);
      await transaction.settings.delete('provisioned-concurrency', reference, reference.qualifier!);
    });
    lambda.reprovision(reference);
    return {};
  };
}
