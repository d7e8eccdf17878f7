// The matchers in the lists of a pattern: a value itself, or an object of one operator.
import { readCidr } from './cidr.ts';
import { EventPatternError } from './error.ts';
import { isObject, type JsonObject } from './json.ts';
import { readNumeric } from './numeric.ts';
import { readWildcard } from './wildcard.ts';

export type Scalar = string | number | boolean | null;

/** Whether a value of the event is what the pattern asks for. */
export type ValueMatcher = (value: Scalar) => boolean;
type TextMatcher = (text: string) => boolean;

/** `absent` where the pattern asks that there be no value. Throws EventPatternError. */
export function readMatcher(pattern: unknown): ValueMatcher | 'absent' {
  if (Array.isArray(pattern)) throw new EventPatternError('Match value must be String, number, true, false, or null');
  // Of numbers 300 and 300.0 are the same, and neither is the string of them.
  if (!isObject(pattern)) return (value) => value === pattern;
  const [operator, operand] = soleEntry(pattern);
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw new EventPatternError('exists match pattern must be either true or false.');
      }
      return operand ? () => true : 'absent';
    case 'prefix':
    case 'suffix':
      return ofText(readEnd(operator, operand));
    case 'equals-ignore-case':
      return ofText(sameIgnoringCase(textOf(operand, 'equals-ignore-case')));
    case 'wildcard':
      return ofText(readWildcard(textOf(operand, 'wildcard')));
    case 'cidr':
      return ofText(readCidr(textOf(operand, 'prefix')));
    case 'numeric':
      return readNumeric(operand);
    case 'anything-but':
      return readAnythingBut(operand);
    default:
      throw new EventPatternError(`Unrecognized match type ${operator}`);
  }
}

/** What is there, and is none of these. */
function readAnythingBut(operand: unknown): ValueMatcher {
  if (isObject(operand)) return readAnythingButText(operand);
  if (!Array.isArray(operand)) {
    if (typeof operand !== 'string' && typeof operand !== 'number') throw notAnythingBut();
    return (value) => value !== operand;
  }
  if (operand.length === 0) throw new EventPatternError('Empty arrays are not allowed');
  const types = new Set(operand.map((each) => typeof each));
  if ([...types].some((type) => type !== 'string' && type !== 'number')) {
    throw new EventPatternError('Inside anything but list, start|null|boolean is not supported.');
  }
  if (types.size > 1) {
    throw new EventPatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  const excluded = new Set<Scalar>(operand);
  return (value) => !excluded.has(value);
}

function readAnythingButText(operand: JsonObject): ValueMatcher {
  const [operator, value] = soleEntry(operand);
  if (isObject(value)) throw notAnythingBut();
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0) throw new EventPatternError('Empty arrays are not allowed');
  const excluded = texts.map((text): TextMatcher => {
    switch (operator) {
      case 'prefix':
      case 'suffix':
        if (typeof text !== 'string') throw new EventPatternError('prefix/suffix match pattern must be a string');
        if (text === '') throw new EventPatternError('Null prefix/suffix not allowed');
        return readEnd(operator, text);
      case 'equals-ignore-case':
        if (typeof text !== 'string') {
          throw new EventPatternError(
            'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
          );
        }
        return sameIgnoringCase(text);
      case 'wildcard':
        return readWildcard(textOf(text, 'wildcard'));
      default:
        throw new EventPatternError(`Unsupported anything-but pattern: ${operator}`);
    }
  });
  return (found) => typeof found !== 'string' || !excluded.some((excludes) => excludes(found));
}

const notAnythingBut = () =>
  new EventPatternError('Value of anything-but must be an array or single string/number value.');

function readEnd(operator: 'prefix' | 'suffix', operand: unknown): TextMatcher {
  if (isObject(operand)) {
    const [inner, value] = soleEntry(operand);
    if (inner !== 'equals-ignore-case') throw new EventPatternError(`Unsupported ${operator} pattern: ${inner}`);
    const end = textOf(value, 'equals-ignore-case').toLowerCase();
    return operator === 'prefix'
      ? (text) => text.toLowerCase().startsWith(end)
      : (text) => text.toLowerCase().endsWith(end);
  }
  const end = textOf(operand, operator);
  return operator === 'prefix' ? (text) => text.startsWith(end) : (text) => text.endsWith(end);
}

function sameIgnoringCase(wanted: string): TextMatcher {
  const lower = wanted.toLowerCase();
  return (text) => text.toLowerCase() === lower;
}

function ofText(accepts: TextMatcher): ValueMatcher {
  return (value) => typeof value === 'string' && accepts(value);
}

function textOf(operand: unknown, operator: string): string {
  if (typeof operand === 'string') return operand;
  throw new EventPatternError(`${operator} match pattern must be a string`);
}

function soleEntry(pattern: JsonObject): [string, unknown] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new EventPatternError('Match expression name not found');
  if (entries.length > 1) throw new EventPatternError('Only one key allowed in match expression');
  return entries[0]!;
}
