// ListFunctions: the account's functions in this region, or all their versions.
import { showConfiguration } from '../function-configuration.ts';
import { latest, versionName } from '../function-record.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listFunctions(lambda: Lambda): LambdaOperation<'ListFunctions'> {
  return async (input, { caller: { account, region } }) => {
    // Functions of other regions are replicas of Lambda@Edge, of which there are none.
    if (input.MasterRegion !== undefined && input.MasterRegion !== 'ALL' && input.MasterRegion !== region) {
      return { Functions: [] };
    }
    const all = input.FunctionVersion === 'ALL';
    const after = readMarker(input.Marker);
    const size = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize);
    const found = all
      ? await lambda.store.allVersions(account, region, after, size + 1)
      : await lambda.store.latestVersions(account, region, after.name, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      Functions: page.map((stored) =>
        showConfiguration(stored, {
          brief: true,
          arnQualifier: all ? versionName(stored.number) : stored.number === latest ? undefined : String(stored.number),
        }),
      ),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.name, last.number) } : {}),
    };
  };
}
