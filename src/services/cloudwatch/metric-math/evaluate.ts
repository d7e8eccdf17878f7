// Evaluates an expression of metric math.
import { ExpressionError } from './errors.ts';
import { applyOperator, constantSeries, functions, type Grid, refusedFunctions, words } from './functions.ts';
import type { BinaryOperator, Expression } from './parser.ts';
import { isSeries, type MathValue, periodOf, type TimeSeries } from './series.ts';

export interface MathScope {
  grid: Grid;
  /** What the query of that id results in; undefined when there is none. */
  resolve(id: string): Promise<MathValue | undefined>;
  /** The metrics of the request, those whose ids hold `part` when it is given. */
  metrics(part: string | undefined): Promise<TimeSeries[]>;
  /** What SEARCH finds. */
  search(query: string, stat: string, period: number): Promise<TimeSeries[]>;
}

const operations: Record<BinaryOperator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  '||': (left, right) => Number(left !== 0 || right !== 0),
};

/** Rejects with ExpressionError. */
export async function evaluate(expression: Expression, scope: MathScope): Promise<MathValue> {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return expression.value;
    case 'name':
      return resolveName(expression.name, scope);
    case 'negation':
      return applyOperator(0, await evaluate(expression.operand, scope), operations['-']);
    case 'binary': {
      const left = await evaluate(expression.left, scope);
      return applyOperator(left, await evaluate(expression.right, scope), operations[expression.operator]);
    }
    case 'list':
      return listOf(await evaluateAll(expression.items, scope), scope.grid);
    case 'call':
      return call(expression.name, expression.arguments, scope);
  }
}

async function evaluateAll(expressions: readonly Expression[], scope: MathScope): Promise<MathValue[]> {
  const values: MathValue[] = [];
  for (const each of expressions) values.push(await evaluate(each, scope));
  return values;
}

async function resolveName(name: string, scope: MathScope): Promise<MathValue> {
  const value = await scope.resolve(name);
  if (value !== undefined) return value;
  if (words.has(name)) return name;
  throw new ExpressionError(`Unknown identifier: ${name}`);
}

async function call(name: string, given: readonly Expression[], scope: MathScope): Promise<MathValue> {
  const upper = name.toUpperCase();
  if (refusedFunctions.has(upper)) {
    throw new ExpressionError(`The function ${upper} is not supported by this release of Lambent`);
  }
  const values = await evaluateAll(given, scope);
  if (upper === 'METRICS') {
    const [part] = values;
    if (part !== undefined && typeof part !== 'string') throw new ExpressionError('METRICS takes a string');
    return scope.metrics(part);
  }
  if (upper === 'SEARCH') {
    const [query, stat, period = scope.grid.period] = values;
    if (typeof query !== 'string' || typeof stat !== 'string' || typeof period !== 'number') {
      throw new ExpressionError('SEARCH takes a search expression, a statistic and a period');
    }
    return scope.search(query, stat, period);
  }
  const perform = Object.hasOwn(functions, upper) ? functions[upper] : undefined;
  if (perform === undefined) throw new ExpressionError(`Unknown function: ${name}`);
  return perform(values, scope.grid);
}

/** Items of a list, arrays among them laid flat; numbers become series beside series. */
function listOf(items: MathValue[], grid: Grid): MathValue {
  const series: TimeSeries[] = [];
  for (const item of items) {
    if (Array.isArray(item)) series.push(...item);
    else if (typeof item === 'object' && isSeries(item)) series.push(item);
    else if (typeof item === 'number') continue;
    else throw new ExpressionError('A list holds numbers and time series');
  }
  const period = series.length === 0 ? grid.period : periodOf(series);
  for (const item of items) if (typeof item === 'number') series.push(constantSeries(item, grid, period));
  return series;
}
