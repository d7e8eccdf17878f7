// The filter pattern language, mostly by the examples of AWS's documentation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFilterPattern, parseFilterPattern } from './index.ts';

const matches = (pattern: string, message: string) => compileFilterPattern(pattern)(message);

function assertMatches(pattern: string, messages: Record<string, boolean>) {
  for (const [message, expected] of Object.entries(messages)) {
    assert.equal(matches(pattern, message), expected, `${pattern} on ${message}`);
  }
}

test('brackets without fields ask nothing of a message', () => {
  assertMatches('[]', { '': true, 'a b': true });
  assertMatches('[ ]', { a: true });
});

for (const [pattern, message] of [
  ['{ $.a = 1', "If a filter pattern starts with '{' it must end with '}'"],
  ['[a, b', "If a filter pattern starts with '[' it must end with ']'"],
  ['{ }', /^Invalid character/],
  ['{ $.a }', /^Invalid filter pattern/],
  ['{ $ = 1 }', /^Invalid filter pattern/],
  ['{ $.a = }', /^Invalid character/],
  ['{ $.a > "x" }', /^Invalid filter pattern/],
  ['{ $.a > x }', /^Invalid filter pattern/],
  ['{ $.a = 1 && }', /^Invalid character/],
  ['{ ($.a = 1 }', /^Invalid filter pattern/],
  ['{ $.a = 1 } }', /^Invalid character/],
  ['{ $.a = foo@bar }', /^Invalid character/],
  [`{ ${'('.repeat(100)}$.a = 1${')'.repeat(100)} }`, /^Invalid filter pattern/],
  ['{ $.a = %a% || $.b = %b% || $.c = %c% }', /at most 2/],
  ['[a, ..., b, ...]', /^Invalid filter pattern/],
  ['[a = 1 && b = 2]', /^Invalid filter pattern/],
  ['[a=x b]', /^Invalid character/],
  ['foo@bar', /^Invalid character/],
  ['"unclosed', /^Invalid filter pattern/],
  ['%unclosed', /^Invalid filter pattern/],
  ['%%', /^Invalid filter pattern/],
  ['%(a)%', /^Invalid filter pattern/],
  ['%[a%', /^Invalid filter pattern/],
  ['%something!%', /^Invalid filter pattern/],
  ['- ', /^Invalid character/],
] as const) {
  test(`the pattern ${pattern.slice(0, 50)} is refused`, () => {
    assert.throws(() => parseFilterPattern(pattern), { code: 'InvalidParameterException', message });
  });
}

test('an empty pattern matches everything', () => {
  for (const pattern of ['', '  ', '""']) assert.ok(matches(pattern, 'anything'));
});

test('a term matches within words, and by case', () => {
  assertMatches('ERROR', {
    '[ERROR] A fatal exception has occurred': true,
    'Exiting with ERRORCODE: -1': true,
    'an error': false,
  });
});

test('all terms must be there, and no excluded one', () => {
  assertMatches('ERROR Exception', { '[ERROR] Caught IllegalArgumentException': true, '[ERROR] fine': false });
  assertMatches('ERROR - "Exiting"', { '[ERROR] A fatal exception': true, 'Exiting with ERRORCODE: -1': false });
  assertMatches('-INFO', { 'DEBUG x': true, 'INFO x': false });
});

test('a quoted phrase is looked for as it stands', () => {
  assertMatches('"INTERNAL SERVER ERROR"', {
    '[ERROR 500] INTERNAL SERVER ERROR': true,
    'SERVER INTERNAL ERROR': false,
  });
  assertMatches(String.raw`"say \"hi\""`, { 'to say "hi" now': true, 'say hi': false });
});

test('of terms with a question mark one is enough, and beside other terms they are ignored', () => {
  assertMatches('?ERROR ?WARN', { 'ERROR x': true, 'WARN x': true, 'INFO x': false });
  assertMatches('?ERROR ?WARN INFO', { 'INFO x': true, 'ERROR x': false });
});

test('a regular expression stands between percent signs', () => {
  assertMatches('%AUTHORIZED%', { 'UNAUTHORIZED REQUEST': true, other: false });
  assertMatches('%colou?r%', { color: true, colour: true, colr: false });
  assertMatches(String.raw`%10\.10\.0\.1%`, { 'at 10.10.0.1': true, '10x10x0x1': false });
  assertMatches('%^[A-Z]{3} [0-9]+$%', { 'ABC 12': true, 'ABC 12 ': false });
  assertMatches(String.raw`%4\d{2}% -%40[13]%`, { 'code 404': true, 'code 403': false, 'code 500': false });
});

const weblog = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

test('a pattern of fields needs as many fields, unless it has an ellipsis', () => {
  assertMatches('[ip, user, username, timestamp, request, status_code, bytes]', { [weblog]: true, 'one two': false });
  assertMatches('[..., status_code, bytes]', { [weblog]: true, one: false });
  assertMatches('[ip, user, ..., status_code, bytes]', { [weblog]: true, 'a b c': false });
  assertMatches('[ip, …]', { [weblog]: true });
});

test('conditions on fields compare numbers, strings with wildcards, and regular expressions', () => {
  const rest = 'ip, user, username, timestamp';
  assertMatches(`[${rest}, request, status_code, bytes > 1000]`, { [weblog]: true });
  assertMatches(`[${rest}, request, status_code = 200, bytes]`, { [weblog]: false });
  assertMatches(`[${rest}, request = *html*, status_code = 4*, bytes]`, { [weblog]: true });
  assertMatches(`[${rest}, request, status_code = 4* && status_code != 403, bytes]`, { [weblog]: true });
  assertMatches(`[${rest}, request, status_code = 4* && bytes > 1000]`.replace('&& bytes', '&& status_code'), {
    [weblog]: false,
  });
  assertMatches('[w1 = ERROR || w1 = WARN, ...]', { 'ERROR x': true, 'WARN x': true, 'INFO x': false });
  assertMatches('[w1!=ERROR&&w1!=WARN, w2]', { 'INFO x': true, 'WARN x': false });
  assertMatches('[w1=%^4[0-9]+$%, w2]', { '404 x': true, '504 x': false });
  assertMatches('[w1="two words", w2]', { '[two words] x': true, '"two words" x': true, 'two words': false });
  assertMatches('[n >= 1.5e1]', { '15': true, '14.9': false, fifteen: false });
});

test('fields are extracted by name, or by number where they have none', () => {
  assert.deepEqual(parseFilterPattern('[..., request=*.html*, status_code=4*,]').match(weblog), {
    $1: '127.0.0.1',
    $2: '-',
    $3: 'frank',
    $4: '10/Oct/2000:13:25:15 -0700',
    $request: 'GET /index.html HTTP/1.0',
    $status_code: '404',
    $7: '1534',
  });
});

const event = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  'cluster.name': 'c',
  latency: 50.5,
  code: '403',
  nested: { x: { deep: 'yes' } },
});

for (const [pattern, expected] of [
  ['{ $.eventType = "UpdateTrail" }', true],
  ['{$.eventType=UpdateTrail}', true],
  ['{ $.eventType = "updatetrail" }', false],
  ['{ $.sourceIPAddress != 123.123.* }', true],
  ['{ $.sourceIPAddress = 111.* }', true],
  ['{ $.eventType = "*Trail" }', true],
  ['{ $.eventType = "Up*Trail" }', false],
  ['{ $.arrayKey[0] = "value" }', true],
  ['{ $.arrayKey[2] = * }', false],
  ['{ $.objectList[1].id = 2 }', true],
  ['{ $.objectList[*].id = 2 }', true],
  ['{ $.objectList[*].id > 2 }', false],
  ['{ $.nested.*.deep = "yes" }', true],
  ['{ $.SomeObject IS NULL }', true],
  ['{ $.SomeOtherObject IS NULL }', false],
  ['{ $.SomeOtherObject NOT EXISTS }', true],
  ['{ $.SomeObject NOT EXISTS }', false],
  ['{ $.eventType EXISTS }', true],
  ['{ $.ThisFlag IS TRUE }', true],
  ['{ $.ThisFlag IS FALSE }', false],
  ['{ $.objectList = 1 }', false],
  ['{ $.objectList != 1 }', false],
  ['{ $.missing != 1 }', false],
  [`{ $.['cluster.name'] = "c" }`, true],
  [`{ $['cluster.name'] = "c" }`, true],
  ['{ $.latency >= 50.5 && $.latency < 1e3 }', true],
  ['{ $.latency > +51 }', false],
  ['{ $.latency = * }', true],
  ['{ $.code = 403 }', true],
  ['{ $.code != 500 }', true],
  ['{ $.eventType = %Update[A-Z]% }', true],
  ['{ $.eventType != %Update[A-Z]% }', false],
  ['{ $.eventType = x || $.latency = 50.5 && $.code = 403 }', true],
  ['{ ($.latency = 50.5 || $.eventType = x) && $.code = 1 }', false],
  ['{ $.latency = 50.5 || $.eventType = x && $.code = 1 }', true],
] as const) {
  test(`${pattern} ${expected ? 'matches' : 'does not match'}`, () => {
    assert.equal(matches(pattern, event), expected);
  });
}

test('what is no JSON object does not match a JSON pattern', () => {
  for (const message of ['text', '{"a": 1', '"a"', '']) assert.ok(!matches('{ $.a NOT EXISTS }', message));
});

test('selectors of a JSON pattern are extracted', () => {
  assert.deepEqual(parseFilterPattern('{ $.eventType = * && $.latency > 1 }').match(event), {
    '$.eventType': 'UpdateTrail',
    '$.latency': '50.5',
  });
});
