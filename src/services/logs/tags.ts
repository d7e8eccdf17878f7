// Tags of a log group.
import { invalidParameter } from './errors.ts';
import { limits } from './limits.ts';

/**
 * `tags` with `added` put over them. Throws InvalidParameterException for AWS's own prefix, and `tooMany()` above fifty.
 */
export function checkedTags(
  tags: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string | undefined>>,
  tooMany: () => Error = () => invalidParameter('The resource can have no more than 50 tags.'),
): Record<string, string> {
  const result: Record<string, string> = { ...tags };
  for (const [key, value] of Object.entries(added)) {
    if (/^aws:/i.test(key)) throw invalidParameter('aws: prefixed tag key names are not allowed for external use.');
    result[key] = value ?? '';
  }
  if (Object.keys(result).length > limits.tagsPerResource) throw tooMany();
  return result;
}

export function withoutTags(tags: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
