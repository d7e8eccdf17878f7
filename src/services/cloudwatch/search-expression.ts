// Search expressions of metric math: which metrics a query such as `{AWS/Lambda,FunctionName} Errors` names. search-expression-syntax.html
import { dimensionsOf } from './metric.ts';
import { ExpressionError } from './metric-math/index.ts';
import type { ListedMetric } from './store/metrics.ts';

type Condition = (metric: SearchedMetric) => boolean;

export interface SearchExpression {
  /** When the query names it exactly, what the store is asked for. */
  namespace: string | undefined;
  name: string | undefined;
  matches(metric: ListedMetric): boolean;
}

interface SearchedMetric {
  namespace: string;
  name: string;
  dimensions: ReadonlyMap<string, string>;
}

/** `{Namespace, DimensionA, DimensionB}`, quoted where a name has other characters. */
const schemaPattern = /^\s*\{([^}]*)\}/;
const itemPattern = /\s*(?:"([^"]*)"|([^,"]+?))\s*(?:,|$)/y;
const tokenPattern = /\s*(?:(\()|(\))|((?:"[^"]*"|[^\s()="]+)?)(=)|"([^"]*)"|([^\s()="]+))/y;

/** Throws ExpressionError. */
export function parseSearch(text: string): SearchExpression {
  const schema = schemaPattern.exec(text);
  const [namespace, ...names] = schema === null ? [] : itemsOf(schema[1]!);
  const parser = new SearchParser(text.slice(schema?.[0].length ?? 0));
  const condition = parser.parse();
  return {
    namespace: namespace ?? parser.exact.get('Namespace'),
    name: parser.exact.get('MetricName'),
    matches({ namespace: found, name, dimensionsKey }) {
      const dimensions = new Map(dimensionsOf(dimensionsKey));
      if (namespace !== undefined) {
        if (found !== namespace) return false;
        if (dimensions.size !== names.length || !names.every((each) => dimensions.has(each))) return false;
      }
      return condition({ namespace: found, name, dimensions });
    },
  };
}

function itemsOf(text: string): string[] {
  const items: string[] = [];
  let at = 0;
  while (at < text.length) {
    itemPattern.lastIndex = at;
    const match = itemPattern.exec(text);
    if (match === null) throw new ExpressionError('Invalid search expression');
    items.push(match[1] ?? match[2]!);
    at = itemPattern.lastIndex;
  }
  return items;
}

interface SearchToken {
  kind: '(' | ')' | 'property' | 'exact' | 'partial';
  text: string;
}

class SearchParser {
  /** Properties that every result has, since they stand by themselves beside the rest. */
  readonly exact = new Map<string, string>();
  readonly #tokens: SearchToken[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = cut(text);
  }

  parse(): Condition {
    if (this.#tokens.length === 0) return () => true;
    const condition = this.#or(true);
    if (this.#at < this.#tokens.length) throw new ExpressionError('Invalid search expression');
    return condition;
  }

  #or(top: boolean): Condition {
    const first = this.#at;
    const known = new Map(this.exact);
    let left = this.#and(top);
    while (this.#word('OR')) {
      // What stands beside an OR is no longer what every result has.
      this.exact.clear();
      for (const [name, value] of known) this.exact.set(name, value);
      const [before, after] = [left, this.#and(false)];
      left = (metric) => before(metric) || after(metric);
    }
    if (this.#at === first) throw new ExpressionError('Invalid search expression');
    return left;
  }

  #and(top: boolean): Condition {
    let left = this.#term(top);
    for (;;) {
      const named = this.#word('AND');
      const next = this.#tokens[this.#at];
      if (!named && (next === undefined || next.kind === ')' || isWord(next, 'OR'))) return left;
      const [before, after] = [left, this.#term(top)];
      left = (metric) => before(metric) && after(metric);
    }
  }

  #term(top: boolean): Condition {
    if (this.#word('NOT')) {
      const inner = this.#term(false);
      return (metric) => !inner(metric);
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined || token.kind === ')') throw new ExpressionError('Invalid search expression');
    if (token.kind === '(') {
      const inner = this.#or(false);
      if (this.#tokens[this.#at++]?.kind !== ')') throw new ExpressionError('Invalid search expression');
      return inner;
    }
    if (token.kind === 'property') return this.#property(token.text, top);
    return (metric) => textsOf(metric).some((text) => holds(text, token));
  }

  #property(name: string, top: boolean): Condition {
    const token = this.#tokens[this.#at];
    if (token?.kind === '(') {
      this.#at++;
      const values: SearchToken[] = [];
      for (;;) {
        const value = this.#tokens[this.#at++];
        if (value === undefined) throw new ExpressionError('Invalid search expression');
        if (value.kind === ')') break;
        if (!isWord(value, 'OR')) values.push(value);
      }
      return (metric) => values.some((value) => holds(valueOfProperty(metric, name), value));
    }
    if (token === undefined || token.kind === ')' || token.kind === 'property') {
      throw new ExpressionError('Invalid search expression');
    }
    this.#at++;
    if (top && token.kind === 'exact') this.exact.set(name, token.text);
    return (metric) => holds(valueOfProperty(metric, name), token);
  }

  #word(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || !isWord(token, word)) return false;
    this.#at++;
    return true;
  }
}

function isWord(token: SearchToken, word: string): boolean {
  return token.kind === 'partial' && token.text === word;
}

function cut(text: string): SearchToken[] {
  const tokens: SearchToken[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) throw new ExpressionError('Invalid search expression');
    const [, open, close, property, equals, exact, partial] = match;
    if (open !== undefined) tokens.push({ kind: '(', text: open });
    else if (close !== undefined) tokens.push({ kind: ')', text: close });
    else if (equals !== undefined) tokens.push({ kind: 'property', text: property!.replaceAll('"', '') });
    else if (exact !== undefined) tokens.push({ kind: 'exact', text: exact });
    else tokens.push({ kind: 'partial', text: partial! });
    at = tokenPattern.lastIndex;
  }
  return tokens;
}

function textsOf({ namespace, name, dimensions }: SearchedMetric): string[] {
  return [namespace, name, ...dimensions.keys(), ...dimensions.values()];
}

function valueOfProperty({ namespace, name, dimensions }: SearchedMetric, property: string): string | undefined {
  if (property === 'Namespace') return namespace;
  if (property === 'MetricName') return name;
  return dimensions.get(property);
}

/** Quoted text must be all of it; other text is found by its words, in their order, wherever case does not matter. */
function holds(text: string | undefined, token: SearchToken): boolean {
  if (text === undefined) return false;
  if (token.kind === 'exact') return text === token.text;
  if (text.toLowerCase() === token.text.toLowerCase()) return true;
  const [words, wanted] = [wordsOf(text), wordsOf(token.text)];
  return words.some((_, start) => wanted.length > 0 && wanted.every((word, index) => words[start + index] === word));
}

/** `numberOfMessages-1` as `number`, `of`, `messages`, `1`. */
function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/([a-zA-Z])(\d)/g, '$1 $2')
    .replace(/(\d)([a-zA-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
