// ListVersionsByFunction: $LATEST and every published version, in the order of their numbers.
import { functionNotFound } from '../errors.ts';
import { showConfiguration } from '../function-configuration.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import { versionName } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listVersionsByFunction(lambda: Lambda): LambdaOperation<'ListVersionsByFunction'> {
  return async (input, { caller }) => {
    const key = resolveFunctionName(input.FunctionName!, caller, 'ListVersionsByFunction');
    if ((await lambda.store.function(key)) === undefined) throw functionNotFound(functionArn(key));
    const size = Math.min(input.MaxItems ?? limits.versionsPageSize, limits.versionsPageSize);
    const found = await lambda.store.versionsOf(key, readMarker(input.Marker).number, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      Versions: page.map((stored) =>
        showConfiguration(stored, { brief: true, arnQualifier: versionName(stored.number) }),
      ),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.name, last.number) } : {}),
    };
  };
}
