// Conditions joined by `&&` and `||` with parentheses: `()` before `&&` before `||`.
import { invalidPattern } from './filter-pattern.ts';
import type { Scanner } from './scanner.ts';

export type Condition<T> = (subject: T) => boolean;

/** How deep parentheses may nest. */
const maxDepth = 64;

export function takeConditions<T>(scanner: Scanner, takeOne: () => Condition<T>, depth = 0): Condition<T> {
  if (depth > maxDepth) throw invalidPattern();
  const takeOperand = (): Condition<T> => {
    if (!scanner.take('(')) return takeOne();
    const inner = takeConditions(scanner, takeOne, depth + 1);
    if (!scanner.take(')')) throw invalidPattern();
    return inner;
  };
  const takeAll = (): Condition<T> => {
    const parts = [takeOperand()];
    while (scanner.take('&&')) parts.push(takeOperand());
    return parts.length === 1 ? parts[0]! : (subject) => parts.every((part) => part(subject));
  };
  const parts = [takeAll()];
  while (scanner.take('||')) parts.push(takeAll());
  return parts.length === 1 ? parts[0]! : (subject) => parts.some((part) => part(subject));
}
