// Patterns of terms: `ERROR "two words" -excluded`, `?either ?or`, `%regex%`.
import { type FilterPattern, invalidPattern } from './filter-pattern.ts';
import { Scanner } from './scanner.ts';

type Test = (message: string) => boolean;

/** Terms with other characters must stand in quotes. */
const bareTerm = /[\p{L}\p{N}_]+/uy;

const nothingExtracted = Object.freeze({});

export function parseTerms(text: string): FilterPattern {
  const required: Test[] = [];
  const excluded: Test[] = [];
  const optional: Test[] = [];
  const scanner = new Scanner(text);
  while (!scanner.atEnd()) {
    const list = scanner.take('-') ? excluded : scanner.take('?') ? optional : required;
    list.push(takeTerm(scanner));
  }
  // AWS ignores optional terms as soon as there are others.
  const anyOf = required.length + excluded.length === 0 ? optional : [];
  return {
    match(message) {
      const matches =
        required.every((test) => test(message)) &&
        !excluded.some((test) => test(message)) &&
        (anyOf.length === 0 || anyOf.some((test) => test(message)));
      return matches ? nothingExtracted : undefined;
    },
  };
}

function takeTerm(scanner: Scanner): Test {
  const regex = scanner.takeRegex();
  if (regex !== undefined) return (message) => regex.test(message);
  const term = scanner.takeQuoted() ?? scanner.takeMatch(bareTerm);
  if (term === undefined) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
  return (message) => message.includes(term);
}
