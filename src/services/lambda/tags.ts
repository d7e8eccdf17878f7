// Tags of a function: the limits that AWS puts on them, and whose they are.
import { parseArn } from '../../core/arn.ts';
import type { Ids } from '../../core/ids.ts';
import type { Caller } from '../service.ts';
import { functionNotFound, invalidParameter } from './errors.ts';
import { functionArn, resolveFunctionName } from './function-name.ts';
import { latest } from './function-record.ts';
import type { Lambda } from './lambda.ts';
import { limits } from './limits.ts';
import type { FunctionKey } from './store/index.ts';

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

/** The function that a resource ARN of the tagging operations names. */
export function taggedFunction(arn: string, caller: Caller, action: string): FunctionKey {
  if (!parseArn(arn)?.resource.startsWith('function:')) {
    throw invalidParameter(`Tags on ${arn} are not supported by this release of Lambent.`);
  }
  const { account, region, name, qualifier } = resolveFunctionName(arn, caller, action);
  if (qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  return { account, region, name };
}

/** Replaces a function's tags, which revises it. Throws ResourceNotFoundException. */
export function changeTags(
  lambda: Lambda,
  key: FunctionKey,
  ids: Ids,
  change: (tags: Record<string, string>) => Record<string, string>,
): Promise<void> {
  return lambda.store.change(async (transaction) => {
    const record = await transaction.function(key);
    if (record === undefined) throw taggedFunctionNotFound(key);
    await transaction.putFunction({ ...record, tags: change(record.tags) });
    const version = (await transaction.version({ ...key, number: latest }))!;
    await transaction.putVersion(key, { ...version, revisionId: ids.uuid() });
  });
}

export const taggedFunctionNotFound = (key: FunctionKey) => functionNotFound(functionArn(key));
