// ListProvisionedConcurrencyConfigs: the versions and aliases of a function that have environments kept ready.
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';
import { type ProvisionedRecord, showProvisioned } from '../provisioned-concurrency.ts';

export function listProvisionedConcurrencyConfigs(
  lambda: Lambda,
): LambdaOperation<'ListProvisionedConcurrencyConfigs'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'ListProvisionedConcurrencyConfigs');
    if ((await lambda.store.function(key)) === undefined) throw functionNotFound(functionArn(key));
    const size = input.MaxItems ?? limits.pageSize;
    const after = readMarker(input.Marker).name;
    const found = await lambda.store.settings.ofFunction<ProvisionedRecord>(
      'provisioned-concurrency',
      key,
      after,
      size + 1,
    );
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      ProvisionedConcurrencyConfigs: page.map(({ qualifier, record }) => ({
        FunctionArn: functionArn(key, qualifier),
        ...showProvisioned(record, lambda.execution.provisioned({ ...key, functionName: key.name }, qualifier)),
      })),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.qualifier, 0) } : {}),
    };
  };
}
