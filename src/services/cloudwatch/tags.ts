// Tags of alarms and dashboards.
import { invalidParameterValue } from './errors.ts';
import { limits } from './limits.ts';

export type Tags = Record<string, string>;

type GivenTag = { Key: string | undefined; Value: string | undefined };

/** `tags` with `given` put over them. Throws InvalidParameterValue for AWS's own prefix, and above fifty. */
export function withTags(tags: Readonly<Tags>, given: readonly GivenTag[] = []): Tags {
  const result = { ...tags };
  for (const { Key, Value } of given) {
    if (/^aws:/i.test(Key!)) {
      throw invalidParameterValue(
        'System tags cannot be added/updated by requester: tag keys must not begin with aws:',
      );
    }
    result[Key!] = Value!;
  }
  if (Object.keys(result).length > limits.tagsPerResource) {
    throw invalidParameterValue(`A resource can have no more than ${limits.tagsPerResource} tags.`);
  }
  return result;
}

export function withoutTags(tags: Readonly<Tags>, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

/** As ListTagsForResource tells them. */
export function tagList(tags: Readonly<Tags>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
