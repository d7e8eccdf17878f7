// GetRuntimeManagementConfig: how the runtime of a version is updated.
import { functionArn } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { showRuntimeManagement } from '../runtime-management.ts';
import { findVersion } from '../versions.ts';

export function getRuntimeManagementConfig(lambda: Lambda): LambdaOperation<'GetRuntimeManagementConfig'> {
  return async (input, { caller }) => {
    const action = 'GetRuntimeManagementConfig';
    const found = await findVersion(lambda, caller, action, input.FunctionName!, input.Qualifier);
    return {
      ...showRuntimeManagement(found.version, found.region),
      FunctionArn: functionArn(found, found.reference.qualifier),
    };
  };
}
