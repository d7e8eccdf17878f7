// Patterns of space-delimited fields: `[ip, user, ..., status = 4* && status != 403, bytes > 1000]`.
import { takeComparison } from './comparison.ts';
import { type Condition, takeConditions } from './conditions.ts';
import { type FilterPattern, invalidPattern } from './filter-pattern.ts';
import { Scanner } from './scanner.ts';

interface Field {
  /** Undefined: the field is named by its number. */
  name: string | undefined;
  test: Condition<string>;
}

const fieldName = /[\p{L}\p{N}_\-.]+/uy;
const bareValue = /[^\s,&|()"%]+/y;

export function parseSpaceDelimited(text: string): FilterPattern {
  // AWS takes `[]`, which asks nothing of a message.
  if (text.trim() === '') return { match: () => ({}) };
  const { leading, trailing } = parseFields(new Scanner(text));
  const named = leading.length + (trailing?.length ?? 0);
  return {
    match(message) {
      const values = splitFields(message);
      if (trailing === undefined ? values.length !== named : values.length < named) return undefined;
      const extracted: Record<string, string> = {};
      const firstTrailing = values.length - (trailing?.length ?? 0);
      for (const [index, value] of values.entries()) {
        const field = index < leading.length ? leading[index] : trailing?.[index - firstTrailing];
        if (field !== undefined && !field.test(value)) return undefined;
        extracted[`$${field?.name ?? index + 1}`] = value;
      }
      return extracted;
    },
  };
}

/** Fields before the ellipsis, and those after it; `trailing` is undefined when there is no ellipsis. */
function parseFields(scanner: Scanner): { leading: Field[]; trailing: Field[] | undefined } {
  const leading: Field[] = [];
  let trailing: Field[] | undefined;
  if (scanner.atEnd()) throw invalidPattern();
  do {
    if (scanner.take('...') || scanner.take('…')) {
      if (trailing !== undefined) throw invalidPattern();
      trailing = [];
    } else {
      (trailing ?? leading).push(takeField(scanner));
    }
  } while (scanner.take(','));
  if (!scanner.atEnd()) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
  return { leading, trailing };
}

function takeField(scanner: Scanner): Field {
  if (scanner.atEnd() || scanner.peek() === ',') return { name: undefined, test: () => true };
  let name: string | undefined;
  const test = takeConditions<string>(scanner, () => {
    const here = scanner.takeMatch(fieldName);
    if (here === undefined) throw invalidPattern(`Invalid character(s) in term '${scanner.peek()}'`);
    // All conditions of a field are on that field.
    if (name !== undefined && name !== here) throw invalidPattern();
    name = here;
    return takeComparison(scanner, bareValue) ?? (() => true);
  });
  return { name, test };
}

/** Splits a message at white space; what stands in brackets or double quotes is one field, without them. */
function splitFields(message: string): string[] {
  return Array.from(
    message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g),
    ([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain!,
  );
}
