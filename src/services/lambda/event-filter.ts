// The filters of event source mappings, https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html.
import { EventPatternError, parseEventPattern } from '../../core/event-pattern/index.ts';

/** Whether `text` is a pattern that events can be matched against. */
export function isFilterPattern(text: string): boolean {
  try {
    parseEventPattern(text);
    return true;
  } catch (error) {
    if (error instanceof EventPatternError) return false;
    throw error;
  }
}
