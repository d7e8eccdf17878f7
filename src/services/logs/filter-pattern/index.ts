// The filter pattern language of CloudWatch Logs, https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
import { type FilterPattern, invalidPattern } from './filter-pattern.ts';
import { parseJsonPattern } from './json-pattern.ts';
import { parseSpaceDelimited } from './space-delimited.ts';
import { parseTerms } from './terms.ts';

export type { FilterPattern } from './filter-pattern.ts';

/** Parses a pattern of any of the three kinds. Throws InvalidParameterException. */
export function parseFilterPattern(text: string): FilterPattern {
  const pattern = text.trim();
  if (pattern.startsWith('{')) {
    if (!pattern.endsWith('}')) throw invalidPattern("If a filter pattern starts with '{' it must end with '}'");
    return parseJsonPattern(pattern.slice(1, -1));
  }
  if (pattern.startsWith('[')) {
    if (!pattern.endsWith(']')) throw invalidPattern("If a filter pattern starts with '[' it must end with ']'");
    return parseSpaceDelimited(pattern.slice(1, -1));
  }
  return parseTerms(pattern);
}

/** A test of messages by a pattern. Throws InvalidParameterException. */
export function compileFilterPattern(text: string): (message: string) => boolean {
  const pattern = parseFilterPattern(text);
  return (message) => pattern.match(message) !== undefined;
}
