// Filter expressions: read once, judge many traces.
export { Evaluation, type GroupFilters } from './evaluate.ts';
export type { Expression } from './expression.ts';
export { parseFilter } from './parser.ts';
