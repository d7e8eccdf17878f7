// Tags of roles, users and policies: at most fifty, keys unique. Keys of policies differ by case, the others' do not.
import { invalidInput, limitExceeded } from './errors.ts';
import { limits } from './limits.ts';
import { type PageRequest, page } from './pages.ts';
import type { Tag } from './store/index.ts';

export type TagKeyRule = 'any case' | 'exact case';

type GivenTag = { Key: string | undefined; Value: string | undefined };

/** The tags of something new, as they were given. Throws when a key is there twice. */
export function newTags(given: readonly GivenTag[] | undefined, rule: TagKeyRule): Tag[] {
  const tags = (given ?? []).map(({ Key, Value }) => ({ Key: Key!, Value: Value! }));
  if (new Set(tags.map((tag) => compared(tag.Key, rule))).size < tags.length) {
    const hint = rule === 'any case' ? ' Please note that Tag keys are case insensitive.' : '';
    throw invalidInput(`Duplicate tag keys found.${hint}`);
  }
  return tags;
}

/** `tags` with those of `given` added or replaced. */
export function addTags(tags: readonly Tag[], given: readonly GivenTag[], rule: TagKeyRule): Tag[] {
  const added = newTags(given, rule);
  const kept = removeTags(
    tags,
    added.map((tag) => tag.Key),
    rule,
  );
  if (kept.length + added.length > limits.tags) {
    throw limitExceeded('The number of tags has reached the maximum limit.');
  }
  return [...kept, ...added];
}

export function removeTags(tags: readonly Tag[], keys: readonly string[], rule: TagKeyRule): Tag[] {
  const removed = new Set(keys.map((key) => compared(key, rule)));
  return tags.filter((tag) => !removed.has(compared(tag.Key, rule)));
}

/** `Tags` as Get operations answer them: ordered by key, absent when there are none. */
export function tagsMember(tags: readonly Tag[]): { Tags?: Tag[] } {
  return tags.length === 0 ? {} : { Tags: sortedTags(tags) };
}

export function sortedTags(tags: readonly Tag[]): Tag[] {
  return tags.toSorted((one, other) => (one.Key < other.Key ? -1 : 1));
}

/** One page of tags, as List…Tags answers it. */
export function tagPage(tags: readonly Tag[], request: PageRequest) {
  const { items, rest } = page(tags, (tag) => tag.Key, request);
  return { Tags: items, ...rest };
}

function compared(key: string, rule: TagKeyRule): string {
  return rule === 'any case' ? key.toLowerCase() : key;
}
