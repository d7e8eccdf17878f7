// The filter criteria of a mapping: an event passes when one of the filters matches it.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
import { type EventPattern, parseEventPattern } from '../core/event-pattern/index.ts';
import type { PollSettings } from './event-source.ts';

/** `event` holds the metadata; `text` is its data as it came. */
export type Filter = (event: Readonly<Record<string, unknown>>, text: string) => boolean;

interface DataPattern {
  pattern: EventPattern;
  /** What the pattern says of the data: that it is one value, that it is an object or a list, or nothing. */
  wants: 'value' | 'document' | undefined;
}

/** The filter of sources whose data is the field `key` of the event, a text that may be JSON; undefined: all pass. */
export function readFilters(criteria: PollSettings['FilterCriteria'], key: string): Filter | undefined {
  const patterns = (criteria?.Filters ?? []).map(({ Pattern }) => readPattern(Pattern!, key));
  if (patterns.length === 0) return undefined;
  return (event, text) => {
    // Read for the first pattern that asks for it.
    let parsed: { json: unknown } | undefined;
    return patterns.some(({ pattern, wants }) => {
      if (wants === undefined) return pattern.matches(event);
      parsed ??= { json: parse(text) };
      const { json } = parsed;
      const isDocument = typeof json === 'object' && json !== null;
      if (wants === 'document') return isDocument && pattern.matches({ ...event, [key]: json });
      return !isDocument && pattern.matches({ ...event, [key]: json === undefined ? text : json });
    });
  };
}

function readPattern(text: string, key: string): DataPattern {
  const data = (JSON.parse(text) as Record<string, unknown>)[key];
  return {
    pattern: parseEventPattern(text),
    wants: data === undefined ? undefined : Array.isArray(data) ? 'value' : 'document',
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
