// GetFunction: a version's configuration, where its code can be downloaded, and the function's tags.
import { showConfiguration } from '../function-configuration.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { findVersion } from '../versions.ts';

export function getFunction(lambda: Lambda): LambdaOperation<'GetFunction'> {
  return async (input, { caller, endpoint }) => {
    const found = await findVersion(lambda, caller, 'GetFunction', input.FunctionName!, input.Qualifier);
    const record = await lambda.store.function(found);
    const tags = record?.tags ?? {};
    return {
      Configuration: showConfiguration(found, { arnQualifier: found.reference.qualifier }),
      Code: { RepositoryType: 'S3', Location: lambda.downloads.make(endpoint, found.version.code.sha256) },
      ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
    };
  };
}
