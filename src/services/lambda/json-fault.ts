// Finds what is wrong with a JSON text in the order, the words and at the position that AWS's parser (Jackson) does.

export interface JsonFault {
  problem: string;
  /** Counted from 1. */
  line: number;
  /** In bytes, counted from 1. */
  column: number;
  /** Where the object or list began that has no end. */
  start?: Place;
}

interface Place {
  line: number;
  column: number;
}

const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
/** Names no longer than this are told whole. */
const longestToken = 256;
/** Jackson's own bound; ours too, since reading is recursive. */
const deepestNesting = 1000;

class Fault extends Error {
  readonly fault: JsonFault;
  constructor(problem: string, place: Place, start?: Place) {
    super(problem);
    this.fault = { problem, ...place, ...(start === undefined ? {} : { start }) };
  }
}

/** The first fault of `text`, which is not valid JSON. */
export function findJsonFault(text: Buffer): JsonFault {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    scanner.end();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
  return { problem: 'Unexpected end-of-input', ...scanner.place() };
}

/** What encloses the value that is being read. */
interface Enclosure {
  kind: 'Object' | 'Array';
  start: Place;
}

class Scanner {
  readonly #text: Buffer;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  readonly #open: Enclosure[] = [];

  constructor(text: Buffer) {
    this.#text = text;
  }

  /** Behind the byte that was read last. */
  place(): Place {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  value(): void {
    const first = this.#next('');
    if (first === 0x7b) this.#object();
    else if (first === 0x5b) this.#list();
    else if (first === 0x22) this.#string(': was expecting closing quote for a string value');
    else if (first === 0x74) this.#word('true');
    else if (first === 0x66) this.#word('false');
    else if (first === 0x6e) this.#word('null');
    else if (first === 0x2d || isDigit(first)) this.#number(first);
    else this.#unexpectedValue(first);
  }

  /** Only white space may follow. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#unexpectedValue(this.#text[this.#at++]!);
  }

  #object(): void {
    const start = this.#enter('Object');
    for (let first = true; ; first = false) {
      let byte = this.#next(first ? undefined : ' within/between Object entries');
      if (first && byte === 0x7d) break;
      if (byte !== 0x22) this.#unexpected(byte, 'was expecting double-quote to start field name');
      this.#string(' in field name');
      byte = this.#next(' within/between Object entries');
      if (byte !== 0x3a) this.#unexpected(byte, 'was expecting a colon to separate field name and value');
      this.#skipSpace();
      if (this.#at >= this.#text.length) this.#endOfInput(' within/between Object entries');
      this.value();
      byte = this.#next(undefined);
      if (byte === 0x7d) break;
      if (byte === 0x5d) this.#mismatch(']', '}', 'Object', start);
      if (byte !== 0x2c) this.#unexpected(byte, 'was expecting comma to separate Object entries');
    }
    this.#open.pop();
  }

  #list(): void {
    const start = this.#enter('Array');
    for (let first = true; ; first = false) {
      this.#skipSpace();
      if (first && this.#text[this.#at] === 0x5d) {
        this.#at += 1;
        break;
      }
      if (this.#at >= this.#text.length) this.#endOfInput(first ? undefined : ' within/between Array entries');
      this.value();
      const byte = this.#next(undefined);
      if (byte === 0x5d) break;
      if (byte === 0x7d) this.#mismatch('}', ']', 'Array', start);
      if (byte !== 0x2c) this.#unexpected(byte, 'was expecting comma to separate Array entries');
    }
    this.#open.pop();
  }

  #enter(kind: Enclosure['kind']): Place {
    const { line, column } = this.place();
    if (this.#open.length === deepestNesting) {
      throw new Fault(
        `Document nesting depth (${deepestNesting + 1}) exceeds the maximum allowed (${deepestNesting}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`,
        { line, column },
      );
    }
    const start = { line, column: column - 1 };
    this.#open.push({ kind, start });
    return start;
  }

  #string(unfinished: string): void {
    for (;;) {
      if (this.#at >= this.#text.length) this.#endOfInput(unfinished);
      const byte = this.#text[this.#at++]!;
      if (byte === 0x22) return;
      if (byte === 0x5c) this.#escape();
      else if (byte < 0x20) {
        const told = `Illegal unquoted character (${describe(byte)}): has to be escaped using backslash to be included in ${unfinished.includes('name') ? 'name' : 'string value'}`;
        throw new Fault(told, this.place());
      } else if (byte >= 0x80) this.#multiByte(byte);
    }
  }

  #escape(): void {
    if (this.#at >= this.#text.length) this.#endOfInput(' in character escape sequence');
    const byte = this.#text[this.#at++]!;
    if ('"\\/bfnrt'.includes(String.fromCharCode(byte))) return;
    if (byte !== 0x75) throw new Fault(`Unrecognized character escape ${describe(byte)}`, this.place());
    for (let digit = 0; digit < 4; digit++) {
      if (this.#at >= this.#text.length) this.#endOfInput(' in character escape sequence');
      const hex = this.#text[this.#at++]!;
      if (!/[0-9a-fA-F]/.test(String.fromCharCode(hex))) {
        this.#unexpected(hex, 'expected a hex-digit for character escape sequence');
      }
    }
  }

  #number(first: number): void {
    let byte = first;
    if (byte === 0x2d) {
      byte = this.#text[this.#at++] ?? this.#endOfInput(' in a Number value');
      if (!isDigit(byte)) {
        this.#unexpected(byte, 'expected digit (0-9) to follow minus sign, for valid numeric value');
      }
    }
    if (byte === 0x30 && isDigit(this.#text[this.#at] ?? 0)) {
      this.#at += 1;
      throw new Fault('Invalid numeric value: Leading zeroes not allowed', this.place());
    }
    while (isDigit(this.#text[this.#at] ?? 0)) this.#at += 1;
    if (this.#text[this.#at] === 0x2e) {
      this.#at += 1;
      this.#digits('Decimal point not followed by a digit');
    }
    if (this.#text[this.#at] === 0x65 || this.#text[this.#at] === 0x45) {
      this.#at += 1;
      if (this.#text[this.#at] === 0x2b || this.#text[this.#at] === 0x2d) this.#at += 1;
      this.#digits('Exponent indicator not followed by a digit');
    }
    const after = this.#text[this.#at];
    if (this.#open.length === 0 && after !== undefined && !isSpace(after)) {
      this.#at += 1;
      this.#unexpected(after, 'Expected space separating root-level values');
    }
  }

  #digits(missing: string): void {
    const byte = this.#text[this.#at] ?? this.#endOfInput(' in a Number value');
    if (!isDigit(byte)) {
      this.#at += 1;
      this.#unexpected(byte, missing);
    }
    while (isDigit(this.#text[this.#at] ?? 0)) this.#at += 1;
  }

  /** One of the three words; its first letter is read. */
  #word(word: string): void {
    for (let length = 1; length < word.length; length++) {
      if (this.#text[this.#at] !== word.charCodeAt(length)) this.#invalidToken(word.slice(0, length));
      this.#at += 1;
    }
    const after = this.#text[this.#at];
    if (after !== undefined && isNamePart(after)) this.#invalidToken(word);
  }

  #unexpectedValue(byte: number): never {
    if (isNameStart(byte)) this.#invalidToken(String.fromCharCode(byte));
    this.#unexpected(byte, `expected a valid value ${values}`);
  }

  /** `matched` and what follows of the same name. */
  #invalidToken(matched: string): never {
    let token = matched;
    while (this.#at < this.#text.length) {
      const byte = this.#text[this.#at++]!;
      const character = byte < 0x80 ? byte : this.#multiByte(byte);
      if (!isNamePart(character)) break;
      token += String.fromCodePoint(character);
      if (token.length >= longestToken) {
        token += '...';
        break;
      }
    }
    throw new Fault(`Unrecognized token '${token}': was expecting ${values}`, this.place());
  }

  /** The character that begins with `first`, which is read; its other bytes are read, too. */
  #multiByte(first: number): number {
    const length = (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0;
    if (length === 0) throw new Fault(`Invalid UTF-8 start byte 0x${first.toString(16)}`, this.place());
    let character = first & (0xff >> (length + 1));
    for (let index = 1; index < length; index++) {
      const byte = this.#text[this.#at++] ?? this.#endOfInput('');
      if ((byte & 0xc0) !== 0x80) throw new Fault(`Invalid UTF-8 middle byte 0x${byte.toString(16)}`, this.place());
      character = (character << 6) | (byte & 0x3f);
    }
    return character;
  }

  #unexpected(byte: number, comment: string): never {
    const { line, column } = this.place();
    throw new Fault(`Unexpected character (${describe(byte)}): ${comment}`, { line, column: column - 1 });
  }

  #mismatch(found: string, expected: string, kind: string, start: Place): never {
    throw new Fault(
      `Unexpected close marker '${found}': expected '${expected}' (for ${kind} starting at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${start.line}, column: ${start.column}])`,
      this.place(),
    );
  }

  /** The next byte that is no space. At the end of the text, `unfinished` says what is missing; undefined: an end. */
  #next(unfinished: string | undefined): number {
    this.#skipSpace();
    return this.#text[this.#at++] ?? this.#endOfInput(unfinished);
  }

  #endOfInput(unfinished: string | undefined): never {
    this.#at = this.#text.length;
    const enclosure = this.#open.at(-1);
    if (unfinished !== undefined || enclosure === undefined) {
      throw new Fault(`Unexpected end-of-input${unfinished ?? ''}`, this.place());
    }
    throw new Fault(
      `Unexpected end-of-input: expected close marker for ${enclosure.kind}`,
      this.place(),
      enclosure.start,
    );
  }

  #skipSpace(): void {
    for (; isSpace(this.#text[this.#at] ?? 0); this.#at++) {
      if (this.#text[this.#at] !== 0x0a) continue;
      this.#line += 1;
      this.#lineStart = this.#at + 1;
    }
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** As in Java's identifiers. */
function isNameStart(byte: number): boolean {
  return byte < 0x80 && /[A-Za-z_$]/.test(String.fromCharCode(byte));
}

function isNamePart(character: number): boolean {
  return /[\p{L}\p{N}_$]/u.test(String.fromCodePoint(character));
}

function describe(byte: number): string {
  if (byte < 32 || (byte >= 127 && byte < 160)) return `(CTRL-CHAR, code ${byte})`;
  return `'${String.fromCharCode(byte)}' (code ${byte})`;
}
