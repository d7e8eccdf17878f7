// Tags of functions, event source mappings and code signing configurations: the limits that AWS puts on them, and whose
// they are.
import { parseArn } from '../../core/arn.ts';
import type { Ids } from '../../core/ids.ts';
import type { Caller } from '../service.ts';
import { findConfig } from './code-signing.ts';
import { functionNotFound, invalidParameter } from './errors.ts';
import { mappingNotFound } from './event-source-mapping.ts';
import { functionArn, resolveFunctionName } from './function-name.ts';
import { latest } from './function-record.ts';
import type { Lambda } from './lambda.ts';
import { limits } from './limits.ts';
import type { FunctionTransaction } from './store/index.ts';

/** `tags` as they are. Throws InvalidParameterValueException for too many, and for keys that AWS keeps for itself. */
export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > limits.tagsPerResource) {
    throw invalidParameter('Number of tags exceeds resource tag limit.');
  }
  if (Object.keys(tags).some((key) => /^aws:/i.test(key))) {
    throw invalidParameter('System tags cannot be added/updated by requester.');
  }
  return tags;
}

/** What both the store and a change of it can read. */
type Rows = Pick<FunctionTransaction, 'function' | 'mappings' | 'codeSigning'>;

/** A resource that takes tags. */
export interface TaggedResource {
  /** Throws ResourceNotFoundException. */
  tags(rows: Rows): Promise<Record<string, string>>;
  /** Replaces the tags of what `tags` has found. */
  put(transaction: FunctionTransaction, tags: Record<string, string>, ids: Ids): Promise<void>;
}

/** The resource that an ARN of the tagging operations names. */
export function taggedResource(arn: string, caller: Caller, action: string): TaggedResource {
  const { resource } = parseArn(arn)!;
  const [kind, id] = resource.split(':') as [string, string];
  if (kind === 'function') return taggedFunction(arn, caller, action);
  if (kind === 'event-source-mapping') return taggedMapping(arn, id, caller);
  if (kind === 'code-signing-config') return taggedCodeSigningConfig(arn, caller);
  throw invalidParameter(`Tags on ${arn} are not supported by this release of Lambent.`);
}

/** Replaces the tags of a resource. Throws ResourceNotFoundException. */
export function changeTags(
  lambda: Lambda,
  resource: TaggedResource,
  ids: Ids,
  change: (tags: Record<string, string>) => Record<string, string>,
): Promise<void> {
  return lambda.store.change(async (transaction) => {
    await resource.put(transaction, change(await resource.tags(transaction)), ids);
  });
}

function taggedFunction(arn: string, caller: Caller, action: string): TaggedResource {
  const { account, region, name, qualifier } = resolveFunctionName(arn, caller, action);
  if (qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  const key = { account, region, name };
  return {
    async tags(rows) {
      const record = await rows.function(key);
      if (record === undefined) throw functionNotFound(functionArn(key));
      return record.tags;
    },
    // Tagging a function revises it.
    async put(transaction, tags, ids) {
      await transaction.putFunction({ ...(await transaction.function(key))!, tags });
      const version = (await transaction.version({ ...key, number: latest }))!;
      await transaction.putVersion(key, { ...version, revisionId: ids.uuid() });
    },
  };
}

function taggedMapping(arn: string, uuid: string, caller: Caller): TaggedResource {
  const { account, region } = caller;
  const read = async ({ mappings }: Rows) => {
    const record = isOf(arn, caller) ? await mappings.get(account, region, uuid) : undefined;
    if (record === undefined) throw mappingNotFound();
    return record;
  };
  return {
    tags: async (rows) => (await read(rows)).tags,
    async put(transaction, tags) {
      await transaction.mappings.put({ account, region, uuid, record: { ...(await read(transaction)), tags } });
    },
  };
}

function taggedCodeSigningConfig(arn: string, caller: Caller): TaggedResource {
  return {
    tags: async (rows) => (await findConfig(rows, arn, caller)).tags,
    async put(transaction, tags) {
      const record = await findConfig(transaction, arn, caller);
      await transaction.codeSigning.put(caller.account, caller.region, { ...record, tags });
    },
  };
}

function isOf(arn: string, { account, region }: Caller): boolean {
  const parsed = parseArn(arn);
  return parsed?.account === account && parsed.region === region;
}
