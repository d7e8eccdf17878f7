// GetFunctionConfiguration: the configuration of a version.
import { showConfiguration } from '../function-configuration.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findVersion } from '../versions.ts';

export function getFunctionConfiguration(lambda: Lambda): LambdaOperation<'GetFunctionConfiguration'> {
  return async (input, { caller }) => {
    const found = await findVersion(lambda, caller, 'GetFunctionConfiguration', input.FunctionName!, input.Qualifier);
    return showConfiguration(found, { arnQualifier: found.reference.qualifier });
  };
}
