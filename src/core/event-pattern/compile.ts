// Compiles an event pattern once, to match many events.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
import { EventPatternError } from './error.ts';
import { readMatcher, type Scalar, type ValueMatcher } from './matcher.ts';
import { isObject, type JsonObject } from './json.ts';

export interface EventPattern {
  /** Whether `event`, any JSON value, is one that the pattern describes. */
  matches(event: unknown): boolean;
}

/** What one field of the event may be. */
interface Leaf {
  /** From the root of the event. */
  path: readonly string[];
  /** One of them has to accept one of the field's values. */
  matchers: readonly ValueMatcher[];
  /** Whether the event may lack the field. */
  mayBeAbsent: boolean;
}

/** What an object of the event has to hold: all of these. */
interface Fields {
  children: { name: string; node: Fields | Leaf }[];
  /** Of each of these lists, one. */
  choices: Fields[][];
}

const maxDepth = 100;

/** Operators, which objects of a `$or` cannot have as names of fields. */
const operators = new Set([
  'exists',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'cidr',
  'wildcard',
]);

/** Reads the JSON text of a pattern. Throws EventPatternError. */
export function parseEventPattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new EventPatternError((error as Error).message);
  }
  return compileEventPattern(pattern);
}

/** Throws EventPatternError with EventBridge's reason. */
export function compileEventPattern(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw new EventPatternError('Filter is not an object');
  const root = readFields(pattern, []);
  return { matches: (event) => holds(root, event, event) };
}

function readFields(pattern: JsonObject, path: readonly string[]): Fields {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new EventPatternError('Empty objects are not allowed');
  if (path.length > maxDepth) throw new EventPatternError('Path is too deep');
  const fields: Fields = { children: [], choices: [] };
  for (const [key, value] of entries) {
    if (key === '$or' && isChoice(value)) fields.choices.push(value.map((each) => readFields(each, path)));
    else addField(fields, key, value, path);
  }
  return fields;
}

/** Names may be paths: `a.b` is the field `b` of `a`, as in events. */
function addField(fields: Fields, key: string, value: unknown, path: readonly string[]): void {
  const [name, ...rest] = key.split('.') as [string, ...string[]];
  let within = fields;
  const walked = [...path];
  let last = name;
  for (const next of rest) {
    walked.push(last);
    const inner: Fields = { children: [], choices: [] };
    within.children.push({ name: last, node: inner });
    within = inner;
    last = next;
  }
  walked.push(last);
  if (walked.length > maxDepth) throw new EventPatternError('Path is too deep');
  within.children.push({ name: last, node: readNode(key, value, walked) });
}

function readNode(key: string, value: unknown, path: readonly string[]): Fields | Leaf {
  if (isObject(value)) return readFields(value, path);
  if (!Array.isArray(value)) throw new EventPatternError(`"${key}" must be an object or an array`);
  if (value.length === 0) throw new EventPatternError('Empty arrays are not allowed');
  const matchers = value.map(readMatcher);
  return {
    path,
    matchers: matchers.filter((each) => each !== 'absent'),
    mayBeAbsent: matchers.includes('absent'),
  };
}

/** A `$or` is a choice when it lists two objects or more whose fields are no operators; else it is a field of that name. */
function isChoice(value: unknown): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((each) => {
      if (!isObject(each)) return false;
      const names = Object.keys(each);
      return names.length > 0 && !names.some((name) => operators.has(name));
    })
  );
}

const isLeaf = (node: Fields | Leaf): node is Leaf => 'matchers' in node;

/** Of a list of objects, one has to have all that the pattern asks for. */
function holds(fields: Fields, value: unknown, root: unknown): boolean {
  let objects = 0;
  for (const each of elements(value)) {
    if (!isObject(each)) continue;
    objects++;
    if (holdsIn(fields, each, root)) return true;
  }
  // What is no object lacks every field, and so fits where all may be absent.
  return objects === 0 && holdsIn(fields, {}, root);
}

function holdsIn(fields: Fields, object: JsonObject, root: unknown): boolean {
  for (const { name, node } of fields.children) {
    if (!fits(node, fieldsNamed(object, name), root)) return false;
  }
  return fields.choices.every((choice) => choice.some((each) => holdsIn(each, object, root)));
}

function fits(node: Fields | Leaf, values: unknown[], root: unknown): boolean {
  if (!isLeaf(node)) {
    return values.length === 0 ? holds(node, undefined, root) : values.some((value) => holds(node, value, root));
  }
  for (const value of values) {
    for (const each of elements(value)) {
      if (!isObject(each) && node.matchers.some((accepts) => accepts(each as Scalar))) return true;
    }
  }
  // Absent is what no part of the event has, also where the pattern looks at one object of a list.
  return node.mayBeAbsent && !isThere([root], node.path);
}

/** Whether a field with a value, and not only an object or an empty list, lies at `path`. */
function isThere(within: unknown[], path: readonly string[]): boolean {
  let reached = within;
  for (const name of path) {
    const next: unknown[] = [];
    for (const value of reached) {
      for (const each of elements(value)) if (isObject(each)) next.push(...fieldsNamed(each, name));
    }
    reached = next;
  }
  return reached.some((value) => [...elements(value)].some((each) => !isObject(each)));
}

/** Events may have dots in their names, too, which then mean what they mean in patterns. */
function fieldsNamed(object: JsonObject, name: string): unknown[] {
  if (Object.hasOwn(object, name)) return [object[name]];
  const start = `${name}.`;
  const found: unknown[] = [];
  for (const key of Object.keys(object)) {
    if (key.startsWith(start)) found.push({ [key.slice(start.length)]: object[key] });
  }
  return found;
}

/** A value itself, or all that is in a list, and in the lists in it. */
function* elements(value: unknown): Generator<unknown> {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    yield value;
    return;
  }
  const waiting: unknown[][] = [value];
  for (let list = waiting.pop(); list !== undefined; list = waiting.pop()) {
    for (const each of list) {
      if (Array.isArray(each)) waiting.push(each);
      else yield each;
    }
  }
}
