// GetProvisionedConcurrencyConfig: how many environments of a version or alias are kept ready.
import { provisionedConcurrencyNotFound } from '../errors.ts';
import { resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkProvisionable, type ProvisionedRecord, showProvisioned } from '../provisioned-concurrency.ts';

export function getProvisionedConcurrencyConfig(lambda: Lambda): LambdaOperation<'GetProvisionedConcurrencyConfig'> {
  return async (input, { caller }) => {
    const action = 'GetProvisionedConcurrencyConfig';
    const reference = resolveFunctionName(input.FunctionName!, caller, action, input.Qualifier!);
    const qualifier = reference.qualifier!;
    await checkProvisionable(lambda.store, reference, qualifier);
    const record = await lambda.store.settings.get<ProvisionedRecord>('provisioned-concurrency', reference, qualifier);
    if (record === undefined) throw provisionedConcurrencyNotFound();
    return showProvisioned(
      record,
      lambda.execution.provisioned({ ...reference, functionName: reference.name }, qualifier),
    );
  };
}
