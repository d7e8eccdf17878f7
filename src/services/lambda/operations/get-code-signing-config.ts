// GetCodeSigningConfig: one configuration, by its ARN.
import { findConfig, showConfig } from '../code-signing.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function getCodeSigningConfig(lambda: Lambda): LambdaOperation<'GetCodeSigningConfig'> {
  return async (input, { caller }) => {
    const record = await findConfig(lambda.store, input.CodeSigningConfigArn!, caller);
    return { CodeSigningConfig: showConfig(record, caller) };
  };
}
