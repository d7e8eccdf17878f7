// Reads filter expressions.
import { invalidFilter } from '../errors.ts';
import {
  booleanKeywords,
  type BooleanKeyword,
  type Comparison,
  type Expression,
  type Literal,
  numberKeywords,
  type NumberKeyword,
  type ServicePattern,
  stringKeywords,
  type StringKeyword,
} from './expression.ts';
import { type Token, tokensOf } from './tokens.ts';

const equality: readonly Comparison[] = ['=', '!='];
const ordering: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];
const textual: readonly Comparison[] = ['=', '!=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'];
const any: readonly Comparison[] = [...ordering, 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'];
/** How deep an expression may nest. */
const deepest = 20;

/** Throws InvalidRequestException with what is wrong. */
export function parseFilter(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token !== undefined) throw unexpected(token);
  }

  expression(): Expression {
    if (++this.#depth > deepest) throw invalidFilter('it is nested too deeply');
    let left = this.#conjunction();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#conjunction() };
    this.#depth--;
    return left;
  }

  /** Terms side by side are all to hold, with AND between them or without. */
  #conjunction(): Expression {
    let left = this.#term();
    for (;;) {
      const joined = this.#takeWord('and');
      if (!joined && !this.#startsTerm()) return left;
      left = { kind: 'and', left, right: this.#term() };
    }
  }

  #startsTerm(): boolean {
    const token = this.#peek();
    if (token === undefined) return false;
    if (token.kind === 'symbol') return token.text === '!' || token.text === '(';
    return token.kind === 'word' && token.text.toLowerCase() !== 'or';
  }

  #term(): Expression {
    if (this.#takeSymbol('!') || this.#takeWord('not')) return { kind: 'not', operand: this.#term() };
    if (this.#takeSymbol('(')) {
      const inner = this.expression();
      this.#expectSymbol(')');
      return inner;
    }
    const token = this.#take();
    if (token.kind !== 'word') throw unexpected(token);
    const word = token.text.toLowerCase();
    if (word === 'service') return this.#service();
    if (word === 'edge') return this.#edge();
    if (word === 'annotation') return this.#annotation(this.#bracketed());
    if (word.startsWith('annotation.')) return this.#annotation(token.text.slice('annotation.'.length));
    if (word === 'group.name' || word === 'group.arn') {
      this.#comparison(['=']);
      return { kind: 'group', by: word === 'group.name' ? 'name' : 'arn', value: this.#string() };
    }
    if (isOneOf(booleanKeywords, word)) return this.#boolean(word);
    if (isOneOf(numberKeywords, word)) return this.#number(word);
    if (isOneOf(stringKeywords, word)) return this.#text(word);
    throw invalidFilter(`unknown keyword ${token.text}`);
  }

  #boolean(keyword: BooleanKeyword): Expression {
    const comparison = this.#tryComparison(equality);
    const expression: Expression = { kind: 'boolean', keyword };
    if (comparison === undefined) return expression;
    const token = this.#take();
    if (token.kind !== 'word' || !/^(true|false)$/i.test(token.text)) throw unexpected(token);
    const isWanted = (token.text.toLowerCase() === 'true') === (comparison === '=');
    return isWanted ? expression : { kind: 'not', operand: expression };
  }

  #number(keyword: NumberKeyword): Expression {
    const comparison = this.#comparison(ordering);
    const token = this.#take();
    if (token.kind !== 'number') throw unexpected(token);
    return { kind: 'number', keyword, comparison, value: token.value };
  }

  #text(keyword: StringKeyword): Expression {
    const comparison = this.#tryComparison(textual);
    if (comparison === undefined) return { kind: 'string', keyword };
    return { kind: 'string', keyword, comparison, value: this.#string() };
  }

  #annotation(key: string): Expression {
    const comparison = this.#tryComparison(any);
    if (comparison === undefined) return { kind: 'annotation', key };
    const value = this.#literal();
    if (!ordering.includes(comparison) && typeof value !== 'string') {
      throw invalidFilter(`${comparison} compares strings alone`);
    }
    return { kind: 'annotation', key, comparison, value };
  }

  #bracketed(): string {
    this.#expectSymbol('[');
    const token = this.#take();
    if (token.kind === 'symbol') throw unexpected(token);
    this.#expectSymbol(']');
    return token.text;
  }

  #service(): Expression {
    this.#expectSymbol('(');
    const service = this.#isSymbol(')') ? {} : this.#pattern();
    this.#expectSymbol(')');
    return { kind: 'service', service, ...this.#block() };
  }

  #edge(): Expression {
    this.#expectSymbol('(');
    const source = this.#isSymbol(',') || this.#isSymbol(')') ? {} : this.#pattern();
    const destination = this.#takeSymbol(',') && !this.#isSymbol(')') ? this.#pattern() : {};
    this.#expectSymbol(')');
    return { kind: 'edge', source, destination, ...this.#block() };
  }

  /** A name, or `id(name: …, type: …, account.id: …)`. */
  #pattern(): ServicePattern {
    const token = this.#take();
    if (token.kind === 'string') return { name: token.text };
    if (token.kind !== 'word' || token.text.toLowerCase() !== 'id') throw unexpected(token);
    this.#expectSymbol('(');
    const pattern: ServicePattern = {};
    do {
      const key = this.#take();
      this.#expectSymbol(':');
      const value = this.#string();
      const name = key.text.toLowerCase();
      if (name === 'name') pattern.name = value;
      else if (name === 'type') pattern.type = value;
      else if (name === 'account.id') pattern.accountId = value;
      else throw unexpected(key);
    } while (this.#takeSymbol(','));
    this.#expectSymbol(')');
    return pattern;
  }

  #block(): { filter?: Expression } {
    if (!this.#takeSymbol('{')) return {};
    if (this.#takeSymbol('}')) return {};
    const filter = this.expression();
    this.#expectSymbol('}');
    return { filter };
  }

  #literal(): Literal {
    const token = this.#take();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number') return token.value;
    if (token.kind === 'word' && /^(true|false)$/i.test(token.text)) return token.text.toLowerCase() === 'true';
    throw unexpected(token);
  }

  #string(): string {
    const token = this.#take();
    if (token.kind !== 'string') throw unexpected(token);
    return token.text;
  }

  #comparison(allowed: readonly Comparison[]): Comparison {
    const comparison = this.#tryComparison(allowed);
    if (comparison !== undefined) return comparison;
    throw unexpected(this.#take());
  }

  #tryComparison(allowed: readonly Comparison[]): Comparison | undefined {
    const token = this.#peek();
    const found = token && allowed.find((each) => token.kind !== 'string' && token.text.toUpperCase() === each);
    if (found !== undefined) this.#next++;
    return found;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw invalidFilter('it ends too soon');
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #isSymbol(symbol: string): boolean {
    const token = this.#peek();
    return token?.kind === 'symbol' && token.text === symbol;
  }

  #takeSymbol(symbol: string): boolean {
    if (!this.#isSymbol(symbol)) return false;
    this.#next++;
    return true;
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw unexpected(this.#take());
  }
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word);
}

const unexpected = (token: Token) => invalidFilter(`unexpected ${token.text} at position ${token.at}`);
