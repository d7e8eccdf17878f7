// Reads the text of a pattern from left to right.
import { invalidPattern } from './filter-pattern.ts';
import { compileRegex } from './regex.ts';

export class Scanner {
  readonly #text: string;
  #position = 0;
  regexes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Skips white space; true at the end of the text. */
  atEnd(): boolean {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position++;
    return this.#position >= this.#text.length;
  }

  /** Skips white space, then takes `literal` if it comes next. */
  take(literal: string): boolean {
    this.atEnd();
    if (!this.#text.startsWith(literal, this.#position)) return false;
    this.#position += literal.length;
    return true;
  }

  /** Skips white space, then takes what the sticky expression matches; undefined when nothing or the empty string. */
  takeMatch(expression: RegExp): string | undefined {
    this.atEnd();
    return this.takeHere(expression);
  }

  /** As `takeMatch`, without skipping white space. */
  takeHere(expression: RegExp): string | undefined {
    expression.lastIndex = this.#position;
    const match = expression.exec(this.#text)?.[0];
    if (match === undefined || match === '') return undefined;
    this.#position += match.length;
    return match;
  }

  /** Takes a string in double quotes, in which a backslash stands before a quote or a backslash. */
  takeQuoted(): string | undefined {
    const quoted = this.takeMatch(/"(?:[^"\\]|\\.)*"/sy);
    if (quoted === undefined) {
      if (this.take('"')) throw invalidPattern();
      return undefined;
    }
    return quoted.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }

  /** Takes a regular expression between percent signs. */
  takeRegex(): RegExp | undefined {
    const regex = this.takeMatch(/%(?:[^%\\]|\\.)*%/sy);
    if (regex === undefined) {
      if (this.take('%')) throw invalidPattern();
      return undefined;
    }
    this.regexes++;
    return compileRegex(regex.slice(1, -1));
  }

  /** The next character that is not white space, for messages. */
  peek(): string {
    this.atEnd();
    return this.#text[this.#position] ?? '';
  }
}
