// Batches: what must hold of all entries, and how each one's outcome is told.
import { AwsError } from '../../core/errors.ts';
import { emptyBatch, idsNotDistinct, invalidBatchEntryId, missingParameter, tooManyEntries } from './errors.ts';
import { limits } from './limits.ts';

export interface BatchEntry {
  Id: string | undefined;
}

export interface BatchFailure {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/** The entries, if they may be a batch at all; `name` as AWS calls one, e.g. `SendMessageBatchRequestEntry`. */
export function requireBatch<E extends BatchEntry>(entries: readonly E[] | undefined, name: string): readonly E[] {
  if (entries === undefined || entries.length === 0) throw emptyBatch(name);
  if (entries.length > limits.batchEntries) throw tooManyEntries(entries.length);
  const ids = new Set<string>();
  for (const { Id: id } of entries) {
    if (id === undefined) throw missingParameter('Id');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) throw invalidBatchEntryId();
    if (ids.has(id)) throw idsNotDistinct(id);
    ids.add(id);
  }
  return entries;
}

/** Query protocol codes of errors that no model names: what batches have told since before there was another protocol. */
const codes: Readonly<Record<string, string>> = {
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
};

/** How an entry that was refused is told; throws on what is no refusal. */
export function failureOf(entry: BatchEntry, error: unknown): BatchFailure {
  if (!(error instanceof AwsError)) throw error;
  const Code = codes[error.code] ?? error.code;
  return { Id: entry.Id!, SenderFault: error.fault === 'client', Code, Message: error.message };
}

/** Lists that are empty are left out, as AWS leaves them out. */
export function batchAnswer<S>(successful: readonly S[], failed: readonly BatchFailure[]) {
  return {
    Successful: successful.length > 0 ? [...successful] : undefined,
    Failed: failed.length > 0 ? [...failed] : undefined,
  };
}
