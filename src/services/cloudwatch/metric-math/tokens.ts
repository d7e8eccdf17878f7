// Cuts an expression into tokens.
import { invalidSyntax } from './errors.ts';

export type Token =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'name'; value: string }
  | { kind: 'symbol'; value: string }
  | { kind: 'end'; value: '' };

const patterns: readonly [kind: 'space' | 'number' | 'string' | 'name' | 'symbol', pattern: RegExp][] = [
  ['space', /\s+/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['string', /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['symbol', /&&|\|\||==|!=|<=|>=|[-+*/^<>(),[\]]/y],
];

/** Words that are operators, in any case. */
const words: Record<string, string> = { AND: '&&', OR: '||' };

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    at += token.length;
    if (token.kind === 'space') continue;
    if (token.kind === 'number') tokens.push({ kind: 'number', value: Number(token.text) });
    else if (token.kind === 'string') {
      tokens.push({ kind: 'string', value: token.text.slice(1, -1).replace(/\\(.)/g, '$1') });
    } else {
      const operator = token.kind === 'name' ? words[token.text.toUpperCase()] : undefined;
      tokens.push(
        operator === undefined ? { kind: token.kind, value: token.text } : { kind: 'symbol', value: operator },
      );
    }
  }
  tokens.push({ kind: 'end', value: '' });
  return tokens;
}

function tokenAt(text: string, at: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], length: match[0].length };
  }
  throw invalidSyntax();
}
