// `{"numeric": [">", 0, "<=", 5]}`: a number, or the ends of a range.
import { EventPatternError } from './error.ts';

/** Comparisons see numbers from the negative of this to this. */
const largest = 5e9;

type Bound = (value: number) => boolean;

/** Throws EventPatternError. */
export function readNumeric(operand: unknown): (value: unknown) => boolean {
  if (!Array.isArray(operand)) throw new EventPatternError('Value of numeric must be an array.');
  const terms = [...operand];
  const first = terms.shift();
  if (typeof first !== 'string') throw new EventPatternError(`Invalid member in numeric match: ${asText(first)}`);
  const accepts = first === '=' ? equal(terms) : range(first, terms);
  return (value) => typeof value === 'number' && Math.abs(value) <= largest && accepts(value);
}

function equal(terms: unknown[]): Bound {
  const wanted = numberAfter('equals', terms);
  if (terms.length > 0) throw new EventPatternError('Too many elements in numeric expression');
  return (value) => value === wanted;
}

function range(first: string, terms: unknown[]): Bound {
  if (!['<', '<=', '>', '>='].includes(first)) {
    throw new EventPatternError(`Unrecognized numeric range operator: ${first}`);
  }
  const one = numberAfter(first, terms);
  if (terms.length === 0) return bound(first, one);
  const second = terms.shift();
  if (typeof second !== 'string') throw new EventPatternError(`Bad value in numeric range: ${asText(second)}`);
  // From below to above, and no other way.
  if (!first.startsWith('>') || (second !== '<' && second !== '<=')) {
    throw new EventPatternError(`Bad numeric range operator: ${second}`);
  }
  const other = numberAfter(second, terms);
  if (terms.length > 0) throw new EventPatternError('Too many terms in numeric range expression');
  if (one >= other && !(one === other && first === '>=' && second === '<=')) {
    throw new EventPatternError('Bottom must be less than top');
  }
  const low = bound(first, one);
  const high = bound(second, other);
  return (value) => low(value) && high(value);
}

function bound(operator: string, limit: number): Bound {
  switch (operator) {
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    default:
      return (value) => value >= limit;
  }
}

function numberAfter(operator: string, terms: unknown[]): number {
  const value = terms.shift();
  if (typeof value !== 'number') throw new EventPatternError(`Value of ${operator} must be numeric`);
  if (Math.abs(value) > largest) {
    throw new EventPatternError('Value must be between -5.0E9 and 5.0E9, inclusive');
  }
  return value;
}

const asText = (value: unknown) => (value === undefined ? ']' : JSON.stringify(value));
