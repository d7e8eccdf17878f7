// ListAliases: a function's aliases in the order of names, or those that point to one version.
import { showAlias } from '../aliases.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import { versionName } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';
import { functionExistsIn } from '../qualified.ts';

export function listAliases(lambda: Lambda): LambdaOperation<'ListAliases'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'ListAliases');
    if (!(await functionExistsIn(lambda.store, key))) throw functionNotFound(functionArn(key));
    const size = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize);
    const after = readMarker(input.Marker).name;
    // With a filter, how far to read is known only once it was read.
    const isFiltered = input.FunctionVersion !== undefined;
    const found = await lambda.store.aliases.list(key, after, isFiltered ? undefined : size + 1);
    const matching = isFiltered ? found.filter(({ number }) => versionName(number) === input.FunctionVersion) : found;
    const page = matching.slice(0, size);
    const last = page.at(-1);
    return {
      ...(matching.length > size && last !== undefined ? { NextMarker: writeMarker(last.alias, 0) } : {}),
      Aliases: page.map((record) => showAlias(key, record)),
    };
  };
}
