// Comparisons of an extracted value with a number, a string with wildcards, or a regular expression.
import { limits } from '../limits.ts';
import { invalidPattern } from './filter-pattern.ts';
import type { Scanner } from './scanner.ts';

/** Tests a value's text. */
export type Comparison = (value: string) => boolean;

const operators = /!=|<=|>=|=|<|>/y;
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Takes an operator and what stands on its right. `bareValue` is a sticky expression for values without quotes.
 * Undefined when no operator comes next.
 */
export function takeComparison(scanner: Scanner, bareValue: RegExp): Comparison | undefined {
  const operator = scanner.takeMatch(operators);
  if (operator === undefined) return undefined;
  const equality = operator === '=' || operator === '!=';
  const equals = equality ? takeEquality(scanner, bareValue) : undefined;
  if (equals !== undefined) return operator === '=' ? equals : (value) => !equals(value);
  const bare = scanner.takeMatch(bareValue) ?? '';
  if (!number.test(bare)) throw invalidPattern();
  return compareNumbers(operator, Number(bare));
}

function takeEquality(scanner: Scanner, bareValue: RegExp): Comparison {
  const regex = scanner.takeRegex();
  if (regex !== undefined) {
    if (scanner.regexes > limits.regexPerPattern)
      throw invalidPattern('A filter pattern can contain at most 2 regular expressions.');
    return (value) => regex.test(value);
  }
  const quoted = scanner.takeQuoted();
  if (quoted !== undefined) return matchWildcard(quoted);
  const bare = scanner.takeMatch(bareValue);
  if (bare === undefined) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
  if (!number.test(bare)) return matchWildcard(bare);
  const wanted = Number(bare);
  return (value) => numberOf(value) === wanted;
}

function compareNumbers(operator: string, limit: number): Comparison {
  // A value that is no number is NaN, of which every comparison is false.
  switch (operator) {
    case '<':
      return (value) => numberOf(value) < limit;
    case '<=':
      return (value) => numberOf(value) <= limit;
    case '>':
      return (value) => numberOf(value) > limit;
    default:
      return (value) => numberOf(value) >= limit;
  }
}

function numberOf(value: string): number {
  return number.test(value) ? Number(value) : Number.NaN;
}

/** An asterisk is a wildcard at the beginning and at the end, and itself elsewhere. */
function matchWildcard(text: string): Comparison {
  if (text === '*') return () => true;
  const open = text.startsWith('*');
  const close = text.endsWith('*');
  const core = text.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && close) return (value) => value.includes(core);
  if (open) return (value) => value.endsWith(core);
  if (close) return (value) => value.startsWith(core);
  return (value) => value === core;
}
