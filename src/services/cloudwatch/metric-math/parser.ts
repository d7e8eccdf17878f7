// Reads an expression of metric math: a Pratt parser. using-metric-math.html
import { invalidSyntax } from './errors.ts';
import { type Token, tokensOf } from './tokens.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||';

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  /** A query's id, or a word that a function takes, such as `REPEAT`. */
  | { kind: 'name'; name: string }
  | { kind: 'negation'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'call'; name: string; arguments: Expression[] }
  | { kind: 'list'; items: Expression[] };

/** How tightly an operator binds; `^` binds to the right. */
const bindings: Record<BinaryOperator, number> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
const negationBinding = 7;
const maxDepth = 100;

/** Throws ExpressionError. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  const expression = parser.expression(0);
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  /** Reads on while operators bind more tightly than `binding`. */
  expression(binding: number): Expression {
    if (++this.#depth > maxDepth) throw invalidSyntax();
    let left = this.#prefix();
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined || bindings[operator] <= binding) break;
      this.#at++;
      const right = this.expression(operator === '^' ? bindings[operator] - 1 : bindings[operator]);
      left = { kind: 'binary', operator, left, right };
    }
    this.#depth--;
    return left;
  }

  expectEnd(): void {
    if (this.#next().kind !== 'end') throw invalidSyntax();
  }

  #prefix(): Expression {
    const token = this.#next();
    if (token.kind === 'number' || token.kind === 'string') return token as Expression;
    if (token.kind === 'name') {
      if (!this.#accept('(')) return { kind: 'name', name: token.value };
      return { kind: 'call', name: token.value, arguments: this.#items(')') };
    }
    if (token.value === '-') return { kind: 'negation', operand: this.expression(negationBinding) };
    if (token.value === '+') return this.expression(negationBinding);
    if (token.value === '[') return { kind: 'list', items: this.#items(']') };
    if (token.value !== '(') throw invalidSyntax();
    const inner = this.expression(0);
    if (!this.#accept(')')) throw invalidSyntax();
    return inner;
  }

  /** Items between commas up to what closes them. */
  #items(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.#accept(close)) return items;
    do items.push(this.expression(0));
    while (this.#accept(','));
    if (!this.#accept(close)) throw invalidSyntax();
    return items;
  }

  #operator(): BinaryOperator | undefined {
    const token = this.#tokens[this.#at]!;
    return token.kind === 'symbol' && token.value in bindings ? (token.value as BinaryOperator) : undefined;
  }

  #accept(symbol: string): boolean {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'symbol' || token.value !== symbol) return false;
    this.#at++;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'end') this.#at++;
    return token;
  }
}

/** Names that an expression refers to, functions left out. */
export function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>();
  const visit = (each: Expression): void => {
    if (each.kind === 'name') names.add(each.name);
    else if (each.kind === 'negation') visit(each.operand);
    else if (each.kind === 'binary') {
      visit(each.left);
      visit(each.right);
    } else if (each.kind === 'call') each.arguments.forEach(visit);
    else if (each.kind === 'list') each.items.forEach(visit);
  };
  visit(expression);
  return names;
}

/** Whether an expression calls a function of that name. */
export function calls(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'call':
      return expression.name === name || expression.arguments.some((each) => calls(each, name));
    case 'negation':
      return calls(expression.operand, name);
    case 'binary':
      return calls(expression.left, name) || calls(expression.right, name);
    case 'list':
      return expression.items.some((each) => calls(each, name));
    default:
      return false;
  }
}
