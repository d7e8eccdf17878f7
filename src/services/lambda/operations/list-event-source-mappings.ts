// ListEventSourceMappings: those of a function, of a source, or all of the account in a region.
import { showMapping } from '../event-source-mapping.ts';
import { functionArn, resolveFunctionName } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { limits } from '../limits.ts';
import { readMarker, writeMarker } from '../marker.ts';

export function listEventSourceMappings(lambda: Lambda): LambdaOperation<'ListEventSourceMappings'> {
  return async (input, { caller }) => {
    const name = input.FunctionName;
    const reference = name === undefined ? undefined : resolveFunctionName(name, caller, 'ListEventSourceMappings');
    const filter = {
      functionArn: reference === undefined ? undefined : functionArn(reference, reference.qualifier),
      sourceArn: input.EventSourceArn,
    };
    const size = Math.min(input.MaxItems ?? limits.mappingsPageSize, limits.mappingsPageSize);
    const after = readMarker(input.Marker).name;
    const found = await lambda.store.mappings.list(caller.account, caller.region, filter, after, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      EventSourceMappings: page.map((each) => showMapping(each, lambda.eventSources.problem(each.uuid))),
      ...(found.length > size && last !== undefined ? { NextMarker: writeMarker(last.uuid, 0) } : {}),
    };
  };
}
