// Tags of queues: what may be one.
import { invalidParameter } from './errors.ts';
import { limits } from './limits.ts';

/** Throws InvalidParameterValue. */
export function validateTags(queue: string, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key === '' || key.length > limits.tagKeyLength) {
      throw tagKeyLength();
    }
    if (/^aws:/i.test(key)) {
      throw invalidParameter("Tag keys can't begin with the reserved prefix aws:.");
    }
    if (value.length > limits.tagValueLength) {
      throw invalidParameter(`Tag values must be between 0 and ${limits.tagValueLength} characters in length.`);
    }
  }
  if (Object.keys(tags).length > limits.tagsPerQueue) {
    throw invalidParameter(`Too many tags added for queue ${queue}.`);
  }
}

export const tagKeyLength = () =>
  invalidParameter(`Tag keys must be between 1 and ${limits.tagKeyLength} characters in length.`);
