// GetFunction: a version's configuration, where its code can be downloaded, the function's tags and its reservation.
import type { OperationsOf } from '../../../contracts/index.ts';
import type { ReservedRecord } from '../concurrency.ts';
import { showConfiguration } from '../function-configuration.ts';
import type { CodeRecord } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { wholeFunction } from '../store/index.ts';
import { findVersion } from '../versions.ts';

export function getFunction(lambda: Lambda): LambdaOperation<'GetFunction'> {
  return async (input, { caller, endpoint }) => {
    const found = await findVersion(lambda, caller, 'GetFunction', input.FunctionName!, input.Qualifier);
    const record = await lambda.store.function(found);
    const tags = record?.tags ?? {};
    const reserved = await lambda.store.settings.get<ReservedRecord>('reserved-concurrency', found, wholeFunction);
    return {
      Configuration: showConfiguration(found, { arnQualifier: found.reference.qualifier }),
      Code: showCode(found.version.code, (sha256) => lambda.downloads.make(endpoint, sha256)),
      ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
      ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved.executions } }),
    };
  };
}

type ShownCode = NonNullable<OperationsOf<'lambda'>['GetFunction']['output']['Code']>;

function showCode({ sha256, image, sourceKmsKey }: CodeRecord, linkTo: (sha256: string) => string): ShownCode {
  if (image !== undefined) {
    return { RepositoryType: 'ECR', ImageUri: image.uri, ResolvedImageUri: image.resolvedUri };
  }
  return {
    RepositoryType: 'S3',
    Location: linkTo(sha256),
    ...(sourceKmsKey === undefined ? {} : { SourceKMSKeyArn: sourceKmsKey }),
  };
}
