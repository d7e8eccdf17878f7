// ListFunctionsByCodeSigningConfig: ARNs of the functions that have a configuration.
import { findConfig } from '../code-signing.ts';
import { functionArn } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listFunctionsByCodeSigningConfig(lambda: Lambda): LambdaOperation<'ListFunctionsByCodeSigningConfig'> {
  return async (input, { caller }) => {
    const { account, region } = caller;
    const { id } = await findConfig(lambda.store, input.CodeSigningConfigArn!, caller);
    const size = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize);
    const after = readMarker(input.Marker).name;
    const found = await lambda.store.codeSigning.functionsWith(account, region, id, after, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      FunctionArns: page.map((name) => functionArn({ account, region, name })),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last, 0) } : {}),
    };
  };
}
