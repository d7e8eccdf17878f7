// PutFunctionCodeSigningConfig: from the next deployment on, a function's code is judged by this configuration.
import { configToAttachNotFound, findConfig, notForImages } from '../code-signing.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function putFunctionCodeSigningConfig(lambda: Lambda): LambdaOperation<'PutFunctionCodeSigningConfig'> {
  return async (input, { caller }) => {
    const arn = input.CodeSigningConfigArn!;
    const key = resolveUnqualified(input.FunctionName!, caller, 'PutFunctionCodeSigningConfig');
    await lambda.store.change(async (transaction) => {
      const { id } = await findConfig(transaction, arn, caller, configToAttachNotFound);
      const version = await transaction.version({ ...key, number: latest });
      if (version === undefined) throw functionNotFound(functionArn(key));
      if (version.configuration.packageType === 'Image') throw notForImages();
      await transaction.codeSigning.attach(key, id);
    });
    return { CodeSigningConfigArn: arn, FunctionName: key.name };
  };
}
