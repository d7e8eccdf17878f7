// Cuts a filter expression into words.
import { invalidFilter } from '../errors.ts';

export type Token =
  | { kind: 'word' | 'string' | 'symbol'; text: string; at: number }
  | { kind: 'number'; text: string; value: number; at: number };

const pattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])|([A-Za-z_][\w.-]*)|(!=|<=|>=|[=<>!(){}[\],:]))/suy;

/** Longest expression that is read. */
const longest = 2_000;

/** Throws InvalidRequestException. */
export function tokensOf(expression: string): Token[] {
  if (expression.length > longest) throw invalidFilter(`it is longer than ${longest} characters`);
  const text = expression.trimEnd();
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw invalidFilter(`unexpected character at position ${from}`);
    const [, quoted, number, word, symbol] = match;
    if (quoted !== undefined) tokens.push({ kind: 'string', text: withoutEscapes(quoted), at: from });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, value: Number(number), at: from });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at: from });
    else tokens.push({ kind: 'symbol', text: symbol!, at: from });
  }
  return tokens;
}

function withoutEscapes(quoted: string): string {
  return quoted.replace(/\\(.)/gsu, '$1');
}
