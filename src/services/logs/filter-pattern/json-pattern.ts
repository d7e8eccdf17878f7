// Patterns of JSON events: `{ $.level = "ERROR" && ($.items[*].price > 10 || $.user NOT EXISTS) }`.
import { takeComparison } from './comparison.ts';
import { type Condition, takeConditions } from './conditions.ts';
import { type FilterPattern, invalidPattern } from './filter-pattern.ts';
import { Scanner } from './scanner.ts';
import { type Selector, selectValues, takeSelector } from './selector.ts';

const bareValue = /[\p{L}\p{N}_.*:+-]+/uy;

export function parseJsonPattern(text: string): FilterPattern {
  const scanner = new Scanner(text);
  const selectors: Selector[] = [];
  const test = takeConditions<unknown>(scanner, () => takeCondition(scanner, selectors));
  if (!scanner.atEnd()) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
  return {
    match(message) {
      const event = parseJson(message);
      return event !== undefined && test(event) ? extract(event, selectors) : undefined;
    },
  };
}

function takeCondition(scanner: Scanner, selectors: Selector[]): Condition<unknown> {
  const selector = takeSelector(scanner);
  selectors.push(selector);
  const values = (event: unknown) => selectValues(event, selector);
  const keyword = scanner.takeMatch(/(?:IS\s+(?:NULL|TRUE|FALSE)|(?:NOT\s+)?EXISTS)(?!\w)/iy);
  switch (keyword?.toUpperCase().replace(/\s+/g, ' ')) {
    case 'IS NULL':
      return (event) => values(event).some((value) => value === null);
    case 'IS TRUE':
      return (event) => values(event).some((value) => value === true);
    case 'IS FALSE':
      return (event) => values(event).some((value) => value === false);
    case 'EXISTS':
      return (event) => values(event).length > 0;
    case 'NOT EXISTS':
      return (event) => values(event).length === 0;
  }
  const compare = takeComparison(scanner, bareValue);
  if (compare === undefined) throw invalidPattern();
  // Strings and numbers can be compared; of anything else, also of what is missing, every comparison is false.
  return (event) => values(event).some((value) => isComparable(value) && compare(String(value)));
}

function isComparable(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The object or array that a message is; undefined when it is neither. */
function parseJson(message: string): object | undefined {
  if (!/^\s*[{[]/.test(message)) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function extract(event: unknown, selectors: Selector[]): Record<string, string> {
  const extracted: Record<string, string> = {};
  for (const selector of selectors) {
    const value = selectValues(event, selector)[0];
    if (value !== undefined) extracted[selector.text] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return extracted;
}
