// The grammar of filter patterns, https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html.

const numericOperators = new Set(['=', '<', '<=', '>', '>=']);
const maxDepth = 100;

/** Whether `text` is a pattern that events can be matched against. */
export function isFilterPattern(text: string): boolean {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    return false;
  }
  return isObject(pattern) && isRule(pattern, 0);
}

/** An object of fields: each leads to a list of what its value may be, or to an object of its own fields. */
function isRule(rule: Record<string, unknown>, depth: number): boolean {
  const fields = Object.entries(rule);
  if (fields.length === 0 || depth > maxDepth) return false;
  return fields.every(([name, value]) => {
    if (name === '$or' && Array.isArray(value)) {
      return value.length > 0 && value.every((each) => isObject(each) && isRule(each, depth + 1));
    }
    if (Array.isArray(value)) return value.length > 0 && value.every(isMatcher);
    return isObject(value) && isRule(value, depth + 1);
  });
}

function isMatcher(value: unknown): boolean {
  if (!isObject(value)) return isLiteral(value);
  const entries = Object.entries(value);
  if (entries.length !== 1) return false;
  const [operator, operand] = entries[0]!;
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return isText(operand) || isIgnoringCase(operand);
    case 'equals-ignore-case':
    case 'wildcard':
    case 'cidr':
      return isText(operand);
    case 'exists':
      return typeof operand === 'boolean';
    case 'numeric':
      return isNumericMatch(operand);
    case 'anything-but':
      return isAnythingBut(operand);
    default:
      return false;
  }
}

function isAnythingBut(operand: unknown): boolean {
  if (Array.isArray(operand)) return operand.length > 0 && operand.every((each) => isText(each) || isNumber(each));
  if (!isObject(operand)) return isText(operand) || isNumber(operand);
  const entries = Object.entries(operand);
  if (entries.length !== 1) return false;
  const [operator, value] = entries[0]!;
  if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) return false;
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
}

/** One comparison, or two that bound a range. */
function isNumericMatch(operand: unknown): boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return false;
  return operand.every((each, index) => (index % 2 === 0 ? numericOperators.has(each as string) : isNumber(each)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isLiteral = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isIgnoringCase = (value: unknown) =>
  isObject(value) && Object.keys(value).length === 1 && isText(value['equals-ignore-case']);
