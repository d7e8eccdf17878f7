// GetFunctionCodeSigningConfig: the configuration that a function has, and nothing where it has none.
import { configArn, notForImages } from '../code-signing.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { latest } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function getFunctionCodeSigningConfig(lambda: Lambda): LambdaOperation<'GetFunctionCodeSigningConfig'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'GetFunctionCodeSigningConfig');
    const version = await lambda.store.version({ ...key, number: latest });
    if (version === undefined) throw functionNotFound(functionArn(key));
    if (version.configuration.packageType === 'Image') throw notForImages();
    const id = await lambda.store.codeSigning.of(key);
    // AWS leaves out even the name then, which its model requires.
    if (id === undefined) return { CodeSigningConfigArn: undefined, FunctionName: undefined };
    return { CodeSigningConfigArn: configArn(key, id), FunctionName: key.name };
  };
}
