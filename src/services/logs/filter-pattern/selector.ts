// Property selectors: `$.a.b[0]`, `$.list[*].id`, `$.*.id`, `$.['odd name']`.
import { invalidPattern } from './filter-pattern.ts';
import type { Scanner } from './scanner.ts';

/** One step from a value to its parts. */
type Step = { property: string } | { index: number } | { every: 'property' | 'element' };

export interface Selector {
  /** As AWS writes it among extracted values. */
  text: string;
  steps: Step[];
}

/** Takes a selector; it must come next. Throws InvalidParameterException. */
export function takeSelector(scanner: Scanner): Selector {
  if (!scanner.take('$')) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
  let text = '$';
  const steps: Step[] = [];
  for (;;) {
    const token = scanner.takeHere(/\.?\[\s*(?:\d+|\*|'[^']*'|"[^"]*")\s*\]|\.(?:\*|[\p{L}\p{N}_-]+)/uy);
    if (token === undefined) break;
    text += token;
    steps.push(stepOf(token));
  }
  if (steps.length === 0) throw invalidPattern();
  return { text, steps };
}

function stepOf(token: string): Step {
  const bracketed = /\[\s*(.*?)\s*\]$/.exec(token)?.[1];
  if (bracketed === undefined) return token === '.*' ? { every: 'property' } : { property: token.slice(1) };
  if (bracketed === '*') return { every: 'element' };
  return /^\d/.test(bracketed) ? { index: Number(bracketed) } : { property: bracketed.slice(1, -1) };
}

/** The values that a selector leads to; several only by way of a wildcard. */
export function selectValues(root: unknown, { steps }: Selector): unknown[] {
  let values: unknown[] = [root];
  for (const step of steps) values = values.flatMap((value) => partsOf(value, step));
  return values;
}

function partsOf(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('property' in step) {
    return !Array.isArray(value) && Object.hasOwn(value, step.property)
      ? [(value as Record<string, unknown>)[step.property]]
      : [];
  }
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
  if (step.every === 'element') return Array.isArray(value) ? value : [];
  return Array.isArray(value) ? [] : Object.values(value);
}
