// Tags of a function: the limits that AWS puts on them, and whose they are.
import { parseArn } from '../../core/arn.ts';
import type { Caller } from '../service.ts';
import { functionNotFound, invalidParameter } from './errors.ts';
import { functionArn, resolveFunctionName } from './function-name.ts';
import { limits } from './limits.ts';
import type { FunctionKey } from './store.ts';

/** `tags` as they are. Throws InvalidParameterValueException for too many, and for keys that AWS keeps for itself. */
export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > limits.tagsPerResource) {
    throw invalidParameter('Number of tags exceeds resource tag limit.');
  }
  for (const [key, value] of Object.entries(tags)) {
    if (/^aws:/i.test(key)) throw invalidParameter('System tags cannot be added/updated by requester.');
    if (key.length === 0 || key.length > 128) throw invalidParameter(`Tag key ${key} must have a length from 1 to 128`);
    if (value.length > 256) throw invalidParameter(`The value of tag ${key} must have a length of at most 256`);
  }
  return tags;
}

/** The function that a resource ARN of the tagging operations names. */
export function taggedFunction(arn: string, caller: Caller): FunctionKey {
  if (!parseArn(arn)?.resource.startsWith('function:')) {
    throw invalidParameter(`Tags on ${arn} are not supported by this release of Lambent.`);
  }
  const { account, region, name, qualifier } = resolveFunctionName(arn, caller);
  if (qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  return { account, region, name };
}

export const taggedFunctionNotFound = (key: FunctionKey) => functionNotFound(functionArn(key));
