// UpdateCodeSigningConfig: changes take effect with the next deployment of each function that has the configuration.
import { findConfig, showConfig } from '../code-signing.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import type { CodeSigningConfigRecord } from '../store/index.ts';

export function updateCodeSigningConfig(lambda: Lambda): LambdaOperation<'UpdateCodeSigningConfig'> {
  return async (input, { caller, clock }) => {
    const record = await lambda.store.change(async (transaction) => {
      const before = await findConfig(transaction, input.CodeSigningConfigArn!, caller);
      const after: CodeSigningConfigRecord = {
        ...before,
        description: input.Description ?? before.description,
        publishers: [...(input.AllowedPublishers?.SigningProfileVersionArns ?? before.publishers)],
        policy: input.CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? before.policy,
        lastModified: clock.now(),
      };
      await transaction.codeSigning.put(caller.account, caller.region, after);
      return after;
    });
    return { CodeSigningConfig: showConfig(record, caller) };
  };
}
