// The door of metric math.
export { ExpressionError } from './errors.ts';
export { evaluate, type MathScope } from './evaluate.ts';
export type { Grid } from './functions.ts';
export { calls, type Expression, namesIn, parseExpression } from './parser.ts';
export { isSeries, type MathValue, type MetricSource, type TimeSeries } from './series.ts';
