// Payloads that are JSON pass; those that are not are refused in the words of AWS's parser, at the place that it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJson } from './json-check.ts';

const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const source = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

function refused(payload: string | Buffer, problem: string, column: number, line = 1): void {
  assert.throws(() => checkJson(Buffer.from(payload as string)), {
    code: 'InvalidRequestContentException',
    message: `Could not parse request body into json: Could not parse payload into json: ${problem}\n at ${source}; line: ${line}, column: ${column}]`,
  });
}

test('a value that cannot begin like this is told by its character', () => {
  refused("'a'", `Unexpected character (''' (code 39)): expected a valid value ${values}`, 1);
  refused('{"a": }', `Unexpected character ('}' (code 125)): expected a valid value ${values}`, 7);
  refused('[,1]', `Unexpected character (',' (code 44)): expected a valid value ${values}`, 2);
  refused(
    Buffer.from([0x99, 0xeb]),
    `Unexpected character ((CTRL-CHAR, code 153)): expected a valid value ${values}`,
    1,
  );
});

test('a word that is none of the three is told whole, behind its end', () => {
  refused('not json', `Unrecognized token 'not': was expecting ${values}`, 5);
  refused('hello', `Unrecognized token 'hello': was expecting ${values}`, 6);
  refused('nul', `Unrecognized token 'nul': was expecting ${values}`, 4);
  refused('truely', `Unrecognized token 'truely': was expecting ${values}`, 7);
  refused('\n\n  bad ', `Unrecognized token 'bad': was expecting ${values}`, 7, 3);
  refused(`${'x'.repeat(300)}`, `Unrecognized token '${'x'.repeat(256)}...': was expecting ${values}`, 257);
});

test('bytes that are no UTF-8 are told where a character was read', () => {
  refused(Buffer.from('n\x87r\x9e', 'latin1'), 'Invalid UTF-8 start byte 0x87', 3);
  refused(Buffer.from('"\xe9"', 'latin1'), 'Invalid UTF-8 middle byte 0x22', 4);
  refused(Buffer.from('"\xff"', 'latin1'), 'Invalid UTF-8 start byte 0xff', 3);
});

test('what is not closed says what it is and where it began', () => {
  const marker = (column: number) => `(start marker at ${source}; line: 1, column: ${column}])`;
  refused('{', `Unexpected end-of-input: expected close marker for Object ${marker(1)}`, 2);
  refused('{"a":1', `Unexpected end-of-input: expected close marker for Object ${marker(1)}`, 7);
  refused('[[1]', `Unexpected end-of-input: expected close marker for Array ${marker(1)}`, 5);
  refused('{"a":', 'Unexpected end-of-input within/between Object entries', 6);
  refused('{"a":1,', 'Unexpected end-of-input within/between Object entries', 8);
  refused('[1,', 'Unexpected end-of-input within/between Array entries', 4);
  refused('"abc', 'Unexpected end-of-input: was expecting closing quote for a string value', 5);
  refused('{"abc', 'Unexpected end-of-input in field name', 6);
});

test('what is between values must be what belongs there', () => {
  refused('{a:1}', "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 2);
  refused('{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 6);
  refused('{"a":1 "b":2}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", 8);
  refused('[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 4);
  refused('[1}', `Unexpected close marker '}': expected ']' (for Array starting at ${source}; line: 1, column: 1])`, 4);
});

test('numbers and strings follow their grammar', () => {
  refused('01', 'Invalid numeric value: Leading zeroes not allowed', 3);
  refused(
    '-x',
    "Unexpected character ('x' (code 120)): expected digit (0-9) to follow minus sign, for valid numeric value",
    2,
  );
  refused('[1.]', "Unexpected character (']' (code 93)): Decimal point not followed by a digit", 4);
  refused(
    '"a\nb"',
    'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value',
    4,
  );
  refused('"\\q"', "Unrecognized character escape 'q' (code 113)", 4);
  refused('"\\u00g0"', "Unexpected character ('g' (code 103)): expected a hex-digit for character escape sequence", 6);
});

test('a text that is nested too deeply is refused where it gets too deep', () => {
  refused(
    '['.repeat(100_000),
    'Document nesting depth (1001) exceeds the maximum allowed (1000, from `StreamReadConstraints.getMaxNestingDepth()`)',
    1002,
  );
});

test('only one value is taken', () => {
  refused('{} x', `Unrecognized token 'x': was expecting ${values}`, 5);
  refused('', 'Unexpected end-of-input', 1);
});

test('every JSON text passes', () => {
  for (const text of [
    'null',
    ' true ',
    '-0.5e+7',
    '"\\u00e9\\n"',
    '[]',
    '{}',
    '[1,{"a":[null,"\u{1f600}"]}]\n',
    '"\u2028"',
  ]) {
    checkJson(Buffer.from(text));
  }
});
