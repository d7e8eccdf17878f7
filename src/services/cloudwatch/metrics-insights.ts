// Parses Metrics Insights queries, which stand in place of expressions. cloudwatch-metrics-insights-querylanguage.html
import { limits } from './limits.ts';
import { ExpressionError } from './metric-math/index.ts';

/** True for a query in Metrics Insights' own language. */
export function isInsightsQuery(expression: string): boolean {
  return /^\s*SELECT\s/i.test(expression);
}

/** Functions, by the statistics that they are. */
const statistics = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
} as const;

export type InsightsStatistic = (typeof statistics)[keyof typeof statistics];

export interface InsightsQuery {
  statistic: InsightsStatistic;
  name: string;
  namespace: string;
  /** Whether a metric with these dimensions is among what SCHEMA and WHERE leave. */
  matches(dimensions: ReadonlyMap<string, string>): boolean;
  /** Dimensions whose values tell the time series apart; none: all metrics are one series. */
  groupBy: readonly string[];
  /** By what number of each series they are ordered; undefined: by their labels. */
  orderBy: { statistic: InsightsStatistic; descending: boolean } | undefined;
  limit: number;
}

type Condition = (dimensions: ReadonlyMap<string, string>) => boolean;

/** Throws ExpressionError. */
export function parseInsightsQuery(text: string): InsightsQuery {
  return new InsightsParser(text).parse();
}

/** The number by which a series is ordered. */
export function orderingNumber(statistic: InsightsStatistic, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'Average':
      return sum / values.length;
    case 'SampleCount':
      return values.length;
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'Sum':
      return sum;
  }
}

interface Token {
  kind: 'word' | 'name' | 'value' | 'number' | 'sign';
  text: string;
}

/** A bare word, a name in double quotes, a value in single quotes, a number, or a sign. */
const tokenPattern = /\s*(?:([A-Za-z_][\w.]*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|[=(),]))/y;

class InsightsParser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = cut(text);
  }

  parse(): InsightsQuery {
    this.#keyword('select');
    const statistic = this.#function();
    const name = this.#name();
    this.#sign(')');
    this.#keyword('from');
    const { namespace, schema } = this.#source();
    const conditions = [...schema, ...(this.#takeKeyword('where') ? this.#conditions() : [])];
    const groupBy = this.#takeKeyword('group') ? this.#groupBy() : [];
    const orderBy = this.#takeKeyword('order') ? this.#orderBy() : undefined;
    const limit = this.#takeKeyword('limit') ? this.#limit() : limits.seriesPerSearch;
    if (this.#at < this.#tokens.length) throw unexpected(this.#tokens[this.#at]);
    const matches: Condition = (dimensions) => conditions.every((holds) => holds(dimensions));
    return { statistic, name, namespace, matches, groupBy, orderBy, limit };
  }

  /** `AVG(`, which the caller goes on to close. */
  #function(): InsightsStatistic {
    const token = this.#next();
    const statistic =
      token.kind === 'word' ? statistics[token.text.toUpperCase() as keyof typeof statistics] : undefined;
    if (statistic === undefined) throw unexpected(token);
    this.#sign('(');
    return statistic;
  }

  #source(): { namespace: string; schema: Condition[] } {
    const [word, open] = this.#tokens.slice(this.#at);
    if (word?.kind !== 'word' || word.text.toUpperCase() !== 'SCHEMA' || open?.text !== '(') {
      return { namespace: this.#name(), schema: [] };
    }
    this.#at += 2;
    const namespace = this.#name();
    const names: string[] = [];
    while (this.#takeSign(',')) names.push(this.#name());
    this.#sign(')');
    return {
      namespace,
      schema: [({ size }) => size === names.length, (known) => names.every((name) => known.has(name))],
    };
  }

  #conditions(): Condition[] {
    const conditions: Condition[] = [];
    do {
      const name = this.#name();
      const operator = this.#next();
      const { kind, text } = this.#next();
      if (kind !== 'value' || (operator.text !== '=' && operator.text !== '!=')) throw unexpected(operator);
      const wanted = operator.text === '=';
      conditions.push((known) => known.has(name) && (known.get(name) === text) === wanted);
    } while (this.#takeKeyword('and'));
    return conditions;
  }

  #groupBy(): string[] {
    this.#keyword('by');
    const names = [this.#name()];
    while (this.#takeSign(',')) names.push(this.#name());
    return names;
  }

  #orderBy(): InsightsQuery['orderBy'] {
    this.#keyword('by');
    const statistic = this.#function();
    this.#sign(')');
    const descending = this.#takeKeyword('desc');
    if (!descending) this.#takeKeyword('asc');
    return { statistic, descending };
  }

  #limit(): number {
    const token = this.#next();
    const limit = token.kind === 'number' ? Number(token.text) : 0;
    if (limit < 1 || limit > limits.seriesPerSearch) throw unexpected(token);
    return limit;
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== 'word' && token.kind !== 'name') throw unexpected(token);
    return token.text;
  }

  #keyword(word: string): void {
    if (!this.#takeKeyword(word)) throw unexpected(this.#tokens[this.#at]);
  }

  #takeKeyword(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#takeSign(sign)) throw unexpected(this.#tokens[this.#at]);
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw unexpected(undefined);
    return token;
  }
}

function cut(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) throw new ExpressionError(`Invalid Metrics Insights query at '${text.slice(at, at + 20)}'`);
    const [, word, name, value, number, sign] = match;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (name !== undefined) tokens.push({ kind: 'name', text: unescaped(name) });
    else if (value !== undefined) tokens.push({ kind: 'value', text: unescaped(value) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'sign', text: sign! });
    at = tokenPattern.lastIndex;
  }
  return tokens;
}

const unescaped = (text: string) => text.replace(/\\(.)/g, '$1');

const unexpected = (token: Token | undefined) =>
  new ExpressionError(
    token === undefined
      ? 'The Metrics Insights query ends too early'
      : `The Metrics Insights query has an unexpected '${token.text}'`,
  );
