// DeleteEventSourceMapping: a source is no longer polled for a function.
import { checkSettled, mappingNotFound, showMapping } from '../event-source-mapping.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import type { StoredMapping } from '../store/index.ts';

export function deleteEventSourceMapping(lambda: Lambda): LambdaOperation<'DeleteEventSourceMapping'> {
  return async (input, { caller: { account, region } }) => {
    const key = { account, region, uuid: input.UUID! };
    const stored = await lambda.store.change(async ({ mappings }): Promise<StoredMapping> => {
      const record = await mappings.get(account, region, key.uuid);
      if (record === undefined) throw mappingNotFound();
      checkSettled(record, 'delete');
      const deleting: StoredMapping = { ...key, record: { ...record, state: 'Deleting' } };
      await mappings.put(deleting);
      return deleting;
    });
    lambda.settleMapping(stored);
    return showMapping(stored);
  };
}
