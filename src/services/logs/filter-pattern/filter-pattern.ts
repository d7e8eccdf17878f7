// What every kind of filter pattern is, once parsed.
import { invalidParameter } from '../errors.ts';

export interface FilterPattern {
  /** The values extracted from a message that matches, by `$name` or `$.selector`; undefined when it does not match. */
  match(message: string): Record<string, string> | undefined;
}

export const invalidPattern = (message = 'Invalid filter pattern') => invalidParameter(message);
