// CreateCodeSigningConfig: whose signatures are trusted, and what becomes of other code.
import { showConfig } from '../code-signing.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import type { CodeSigningConfigRecord } from '../store/index.ts';
import { checkTags } from '../tags.ts';

export function createCodeSigningConfig(lambda: Lambda): LambdaOperation<'CreateCodeSigningConfig'> {
  return async (input, { caller, clock, ids }) => {
    const record: CodeSigningConfigRecord = {
      id: `csc-${ids.hex(9).slice(0, 17)}`,
      description: input.Description ?? '',
      publishers: [...input.AllowedPublishers!.SigningProfileVersionArns!],
      policy: input.CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? 'Warn',
      lastModified: clock.now(),
      tags: checkTags(input.Tags ?? {}),
    };
    await lambda.store.change(({ codeSigning }) => codeSigning.put(caller.account, caller.region, record));
    return { CodeSigningConfig: showConfig(record, caller) };
  };
}
