// GetEventSourceMapping: one mapping, by its UUID.
import { mappingNotFound, showMapping } from '../event-source-mapping.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';

export function getEventSourceMapping(lambda: Lambda): LambdaOperation<'GetEventSourceMapping'> {
  return async (input, { caller: { account, region } }) => {
    const uuid = input.UUID!;
    const record = await lambda.store.mappings.get(account, region, uuid);
    if (record === undefined) throw mappingNotFound();
    return showMapping({ account, region, uuid, record }, lambda.eventSources.problem(uuid));
  };
}
