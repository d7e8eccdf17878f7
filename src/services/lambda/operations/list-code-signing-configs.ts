// ListCodeSigningConfigs: those of the account in a region.
import { showConfig } from '../code-signing.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listCodeSigningConfigs(lambda: Lambda): LambdaOperation<'ListCodeSigningConfigs'> {
  return async (input, { caller }) => {
    const size = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize);
    const after = readMarker(input.Marker).name;
    const found = await lambda.store.codeSigning.list(caller.account, caller.region, after, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      CodeSigningConfigs: page.map((record) => showConfig(record, caller)),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.id, 0) } : {}),
    };
  };
}
