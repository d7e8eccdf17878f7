// Rules of composite alarms: parsed into a tree, and judged by the states of the alarms that they name.
// API_PutCompositeAlarm.html, alarm-combining.html
import type { AlarmOwner, StateValue } from './alarm.ts';
import { alarmNameOf } from './alarm.ts';
import { validationError } from './errors.ts';
import { bounds, limits } from './limits.ts';

export type Rule =
  | { kind: 'constant'; value: boolean }
  | { kind: 'state'; state: StateValue; alarm: string }
  | { kind: 'not'; rule: Rule }
  | { kind: 'and' | 'or'; rules: Rule[] }
  | { kind: 'at-least'; count: number; percent: boolean; state: StateValue; negated: boolean; alarms: string[] };

interface Token {
  text: string;
  quoted: boolean;
  /** Index of its first character. */
  at: number;
}

const states: ReadonlySet<string> = new Set(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const operands = "'(', 'NOT', AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA";

/** Parses a rule; alarms are named as they will be looked up. Throws ValidationError, at the token that is wrong. */
export function parseRule(text: string, owner: AlarmOwner): Rule {
  if (text.trim() !== text || text === '') {
    throw validationError('AlarmRule must not contain leading or trailing whitespace or be null');
  }
  const parser = new Parser(tokensOf(text), text.length, owner);
  return parser.whole();
}

/** The alarms that a rule names, each once. */
export function alarmsOf(rule: Rule): string[] {
  return [...new Set(named(rule))];
}

/** True when the rule holds. An alarm that is unknown by now is in none of the states. */
export function holds(rule: Rule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return rule.rules.every((each) => holds(each, stateOf));
    case 'or':
      return rule.rules.some((each) => holds(each, stateOf));
    case 'at-least': {
      const matching = rule.alarms.filter((alarm) => (stateOf(alarm) === rule.state) !== rule.negated).length;
      return rule.percent ? matching * 100 >= rule.count * rule.alarms.length : matching >= rule.count;
    }
  }
}

function named(rule: Rule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return named(rule.rule);
    case 'at-least':
      return rule.alarms;
    default:
      return rule.rules.flatMap(named);
  }
}

function ruleError(text: string): Error {
  return validationError(`Error in AlarmRule [${text}]`);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|([(),])|"((?:[^"\\]|\\.)*)"|([^\s(),"]+)/gsy;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw ruleError(`Unsupported token '${text.slice(at)}' at char ${at}`);
    const [, mark, quoted, word] = match;
    if (quoted !== undefined) tokens.push({ text: quoted.replace(/\\(.)/gs, '$1'), quoted: true, at });
    else if (mark !== undefined || word !== undefined) tokens.push({ text: (mark ?? word)!, quoted: false, at });
  }
  return tokens;
}

/** By recursive descent: OR binds loosest, then AND, then NOT. Nesting is bounded, so that no rule exhausts the stack. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #owner: AlarmOwner;
  #index = 0;
  #elements = 0;

  constructor(tokens: readonly Token[], end: number, owner: AlarmOwner) {
    this.#tokens = tokens;
    this.#end = end;
    this.#owner = owner;
  }

  whole(): Rule {
    const rule = this.#or(0);
    if (this.#index < this.#tokens.length) throw this.#unsupported("'AND' or 'OR'");
    return rule;
  }

  #or(depth: number): Rule {
    return this.#chain('OR', 'or', () => this.#and(depth));
  }

  #and(depth: number): Rule {
    return this.#chain('AND', 'and', () => this.#operand(depth));
  }

  #chain(operator: string, kind: 'and' | 'or', next: () => Rule): Rule {
    const first = next();
    if (!this.#isWord(operator)) return first;
    const rules = [first];
    while (this.#isWord(operator)) {
      this.#index++;
      rules.push(next());
    }
    return { kind, rules };
  }

  #operand(depth: number): Rule {
    if (depth > bounds.ruleDepth) throw ruleError(`The rule is nested deeper than ${bounds.ruleDepth} levels`);
    if (++this.#elements > limits.ruleElements) {
      throw ruleError(`The rule has more than ${limits.ruleElements} elements`);
    }
    const token = this.#peek();
    if (token === undefined || token.quoted) throw this.#unsupported(operands);
    const word = token.text.toUpperCase();
    if (token.text === '(') {
      this.#index++;
      const rule = this.#or(depth + 1);
      this.#expect(')');
      return rule;
    }
    if (word === 'NOT') {
      this.#index++;
      return { kind: 'not', rule: this.#operand(depth + 1) };
    }
    if (word === 'TRUE' || word === 'FALSE') {
      this.#index++;
      return { kind: 'constant', value: word === 'TRUE' };
    }
    if (word === 'AT_LEAST') return this.#atLeast();
    if (!states.has(word)) throw this.#unsupported(operands);
    this.#index++;
    this.#expect('(');
    const alarm = this.#alarm();
    this.#expect(')');
    return { kind: 'state', state: word as StateValue, alarm };
  }

  #atLeast(): Rule {
    this.#index++;
    this.#expect('(');
    const amount = /^(\d{1,9})(%?)$/.exec(this.#peek()?.text ?? '');
    if (amount === null) throw this.#unsupported('a number or a percentage');
    this.#index++;
    this.#expect(',');
    const negated = this.#isWord('NOT');
    if (negated) this.#index++;
    const state = this.#peek()?.text.toUpperCase() ?? '';
    if (!states.has(state)) throw this.#unsupported('ALARM, OK, or INSUFFICIENT_DATA');
    this.#index++;
    this.#expect(',');
    this.#expect('(');
    const alarms = [this.#alarm()];
    while (this.#peek()?.text === ',' && !this.#peek()!.quoted) {
      this.#index++;
      alarms.push(this.#alarm());
    }
    this.#expect(')');
    this.#expect(')');
    const count = Number(amount[1]);
    const percent = amount[2] === '%';
    const most = percent ? 100 : alarms.length;
    if (count < 1 || count > most) throw ruleError(`AT_LEAST must be given a number from 1 to ${most}`);
    return { kind: 'at-least', count, percent, state: state as StateValue, negated, alarms };
  }

  #alarm(): string {
    const token = this.#peek();
    if (token === undefined || (!token.quoted && /^[(),]$/.test(token.text)) || token.text === '') {
      throw this.#unsupported('an alarm name or ARN');
    }
    const name = alarmNameOf(token.text, this.#owner);
    if (name === undefined) throw ruleError(`Invalid alarm ARN '${token.text}' at char ${token.at}`);
    this.#index++;
    return name;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#index];
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token !== undefined && !token.quoted && token.text.toUpperCase() === word;
  }

  #expect(mark: string): void {
    const token = this.#peek();
    if (token === undefined || token.quoted || token.text !== mark) throw this.#unsupported(`'${mark}'`);
    this.#index++;
  }

  #unsupported(expected: string): Error {
    const token = this.#peek();
    if (token === undefined) return ruleError(`Unexpected end of rule at char ${this.#end}, must be: ${expected}`);
    return ruleError(`Unsupported token '${token.text}' at char ${token.at}, must be: ${expected}`);
  }
}
