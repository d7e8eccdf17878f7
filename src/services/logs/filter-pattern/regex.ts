// The regular expressions that a pattern may hold: a small language without groups.
import { invalidPattern } from './filter-pattern.ts';

/** Letters, digits, some symbols, and the operators; no parentheses, so that no repetition nests. */
const allowed = /^[A-Za-z0-9 _#=@/;,:\-^$?[\]{}|\\*+.]*$/;

/** Compiles the text between the percent signs. Throws InvalidParameterException. */
export function compileRegex(source: string): RegExp {
  // What follows a backslash may be anything that is printable.
  const bare = source.replace(/\\[\x21-\x7e]/g, '');
  if (source === '' || !allowed.test(bare)) throw invalidPattern();
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern();
  }
}
