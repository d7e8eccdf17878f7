// The pattern language over a table of what EventBridge says of patterns and events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileEventPattern, EventPatternError, parseEventPattern } from './index.ts';

/** Pattern, what matches, what does not. */
const verdicts: [pattern: object, matching: unknown[], others: unknown[]][] = [
  [
    { a: ['x'] },
    [{ a: 'x' }, { a: ['y', 'x'] }, { a: [['x']] }],
    [{ a: 'X' }, { A: 'x' }, {}, { a: { x: 1 } }, 'x', null],
  ],
  [{ a: [''] }, [{ a: '' }], [{ a: null }, { a: [] }, { a: 0 }]],
  [{ a: [null] }, [{ a: null }, { a: [1, null] }], [{ a: 'null' }, { a: [] }, {}]],
  [{ a: [true] }, [{ a: true }], [{ a: 'true' }, { a: false }, { a: 1 }]],
  [{ a: [300] }, [JSON.parse('{"a":300.0}'), JSON.parse('{"a":3.0e2}')], [{ a: '300' }, { a: 301 }]],
  [
    { a: [1, 'x'], b: ['y'] },
    [
      { a: 1, b: 'y' },
      { a: 'x', b: 'y', c: 0 },
    ],
    [{ a: 1 }, { b: 'y' }, { a: 'y', b: 'x' }],
  ],
  [{ detail: { key: ['v'] } }, [{ detail: { key: 'v' } }], [{ detail: '{"key":"v"}' }, { key: 'v' }]],
  [
    { 'state.status': ['on'] },
    [{ state: { status: 'on' } }, { 'state.status': 'on' }],
    [{ state: 'on' }, { status: 'on' }],
  ],
  [{ state: { status: ['on'] } }, [{ 'state.status': 'on' }], [{ 'state.status': 'off' }, { 'state:status': 'on' }]],
  // Lists of objects: one has to have it all.
  [
    { list: { a: [1], b: [2] } },
    [{ list: [{ a: 3 }, { a: 1, b: 2 }] }, { list: [[{ a: 1, b: [0, 2] }]] }],
    [{ list: [{ a: 1 }, { b: 2 }] }],
  ],
  [{ a: [{ prefix: 'us-' }] }, [{ a: 'us-1' }, { a: 'us-' }], [{ a: 'US-1' }, { a: 'eu' }, { a: 1 }]],
  [{ a: [{ prefix: '' }] }, [{ a: '' }, { a: 'any' }], [{ a: 1 }, {}]],
  [{ a: [{ suffix: '.png' }] }, [{ a: 'x.png' }], [{ a: 'x.PNG' }, { a: '.pngx' }]],
  [{ a: [{ prefix: { 'equals-ignore-case': 'EU' } }] }, [{ a: 'eu-1' }, { a: 'Eu' }], [{ a: 'us' }]],
  [{ a: [{ suffix: { 'equals-ignore-case': '.PnG' } }] }, [{ a: 'x.pNg' }], [{ a: 'x.jpg' }]],
  [{ a: [{ 'equals-ignore-case': 'Alice' }] }, [{ a: 'aLICE' }], [{ a: 'Alic' }, { a: 5 }]],
  [{ a: [{ 'equals-ignore-case': '' }] }, [{ a: '' }], [{ a: 'x' }, { a: null }]],
  [
    { a: [{ wildcard: 'dir/*.png' }] },
    [{ a: 'dir/x.png' }, { a: 'dir/.png' }],
    [{ a: 'dir/x.jpg' }, { a: 'x/dir/x.png' }],
  ],
  [
    { a: [{ wildcard: '/Users/*/dir/dir/dir/doc.txt' }] },
    [{ a: '/Users/me/dir/dir/dir/dir/dir/doc.txt' }],
    [{ a: '/Users/dir/dir/dir/doc.txt' }],
  ],
  [{ a: [{ wildcard: '*ab*ba*' }] }, [{ a: 'abba' }, { a: 'xabxbax' }], [{ a: 'aba' }, { a: 'baab' }]],
  [{ a: [{ wildcard: 'a\\*b\\\\*' }] }, [{ a: 'a*b\\' }, { a: 'a*b\\c' }], [{ a: 'axb\\' }]],
  [{ a: [{ wildcard: '' }] }, [{ a: '' }], [{ a: 'x' }]],
  [{ a: [{ wildcard: '*' }] }, [{ a: '' }, { a: 'x' }], [{ a: 1 }]],
  [{ a: [{ exists: true }] }, [{ a: 'x' }, { a: null }, { a: [0] }], [{}, { a: [] }, { a: { S: 'x' } }]],
  [{ a: [{ exists: false }] }, [{}, { b: 1 }, { a: [] }, { a: { S: 'x' } }], [{ a: null }, { a: 'x' }]],
  [{ list: { z: [{ exists: false }] } }, [{ list: [{ x: 1 }] }, {}], [{ list: [{ x: 1 }, { z: 2 }] }]],
  [{ list: { id: [{ exists: true }] } }, [{ list: [{ k: 1 }, { id: 'x' }] }], [{ list: [{ k: 1 }] }]],
  [{ a: [{ exists: true }, { prefix: 'no' }] }, [{ a: 'x' }], [{}]],
  [
    { a: [{ 'anything-but': 'x' }] },
    [{ a: 'y' }, { a: 1 }, { a: null }, { a: ['x', 'y'] }],
    [{ a: 'x' }, {}, { a: ['x'] }],
  ],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, [{ a: 'z' }, { a: null }], [{ a: 'x' }, { a: 'y' }, {}]],
  [{ a: [{ 'anything-but': 0 }] }, [{ a: 1 }, { a: '0' }], [{ a: 0 }]],
  [{ a: [{ 'anything-but': [100, 200] }] }, [{ a: 300 }], [{ a: 100 }, { a: 200 }]],
  [{ a: [{ 'anything-but': { prefix: 'init' } }] }, [{ a: 'x' }, { a: 12 }, { a: null }], [{ a: 'initial' }, {}]],
  [{ a: [{ 'anything-but': { prefix: ['init', 'test'] } }] }, [{ a: 'x' }, { a: 12 }], [{ a: 'tested' }]],
  [{ a: [{ 'anything-but': { suffix: ['.txt', '.bak'] } }] }, [{ a: 'x' }], [{ a: 'x.txt' }, { a: 'x.bak' }]],
  [
    { a: [{ 'anything-but': { 'equals-ignore-case': ['Init', 'x'] } }] },
    [{ a: 'y' }, { a: null }],
    [{ a: 'INIT' }, { a: 'X' }],
  ],
  [{ a: [{ 'anything-but': { wildcard: '*/dir/*' } }] }, [{ a: 'dir' }, { a: 123 }], [{ a: 'x/dir/y' }]],
  [{ a: [{ 'anything-but': { wildcard: '' } }] }, [{ a: 'x' }], [{ a: '' }]],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, [{ a: 5 }, { a: 0.1 }], [{ a: 0 }, { a: 5.1 }, { a: '3' }, { a: null }]],
  [{ a: [{ numeric: ['=', 301.8] }] }, [{ a: 3.018e2 }], [{ a: 301 }]],
  [{ a: [{ numeric: ['<', 10] }, { numeric: ['>=', 100] }] }, [{ a: 9 }, { a: 100 }], [{ a: 10 }, { a: 6e9 }]],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, [{ a: '10.0.0.255' }], [{ a: '10.0.1.0' }, { a: 123 }, { a: 'x' }, { a: '::1' }]],
  [{ a: [{ cidr: '2001:db8:1234:1a00::/56' }] }, [{ a: '2001:db8:1234:1a00::1' }], [{ a: '2001:db8:1235::1' }]],
  [
    { $or: [{ c: [{ numeric: ['>', 0] }] }, { d: { e: [1] } }], b: ['x'] },
    [
      { b: 'x', c: 1 },
      { b: 'x', d: { e: 1 } },
    ],
    [{ c: 1 }, { b: 'x', c: 0, d: { e: 2 } }],
  ],
  [
    { a: { S: [{ 'anything-but': ['rose'] }, { exists: false }] } },
    [{ a: { S: 'x' } }, { b: 1 }],
    [{ a: { S: 'rose' } }],
  ],
  [{ a: [{ numeric: ['>', 100] }, { 'anything-but': '101' }] }, [{ a: '42' }, { a: 101 }], [{ a: '101' }]],
];

test('each pattern matches what EventBridge says that it matches', () => {
  for (const [pattern, matching, others] of verdicts) {
    const compiled = compileEventPattern(pattern);
    for (const event of matching) {
      assert.equal(compiled.matches(event), true, `${JSON.stringify(pattern)} matches ${JSON.stringify(event)}`);
    }
    for (const event of others) {
      assert.equal(
        compiled.matches(event),
        false,
        `${JSON.stringify(pattern)} does not match ${JSON.stringify(event)}`,
      );
    }
  }
});

/** Recorded reasons. */
const refusals: [pattern: string, reason: string | RegExp][] = [
  ['["a"]', 'Filter is not an object'],
  ['"a"', 'Filter is not an object'],
  ['{"int": 42}', '"int" must be an object or an array'],
  ['{"string": "my-value"}', '"string" must be an object or an array'],
  ['{"a": []}', 'Empty arrays are not allowed'],
  ['{}', 'Empty objects are not allowed'],
  ['{"a": {}}', 'Empty objects are not allowed'],
  ['{"a": [["x"]]}', 'Match value must be String, number, true, false, or null'],
  ['{"a": [{"EXISTS": true}]}', 'Unrecognized match type EXISTS'],
  ['{"a": [{"NUMERIC": ["=", 5]}]}', 'Unrecognized match type NUMERIC'],
  ['{"a": [{"exists": "yes"}]}', 'exists match pattern must be either true or false.'],
  ['{"a": [{"prefix": "x", "suffix": "y"}]}', 'Only one key allowed in match expression'],
  ['{"a": [{"numeric": [">", 0, ">", 0]}]}', 'Bad numeric range operator: >'],
  ['{"a": [{"numeric": [">", 0, "<"]}]}', 'Value of < must be numeric'],
  ['{"a": [{"numeric": [">", 5, "<", 1]}]}', 'Bottom must be less than top'],
  ['{"a": [{"numeric": []}]}', /^Invalid member in numeric match/],
  ['{"a": [{"numeric": ["~", 1]}]}', 'Unrecognized numeric range operator: ~'],
  ['{"a": [{"numeric": [">", 6000000000]}]}', /5.0E9/],
  ['{"a": [{"prefix": 123}]}', 'prefix match pattern must be a string'],
  ['{"a": [{"prefix": ["x"]}]}', 'prefix match pattern must be a string'],
  ['{"a": [{"suffix": 123}]}', 'suffix match pattern must be a string'],
  ['{"a": [{"equals-ignore-case": ["x"]}]}', 'equals-ignore-case match pattern must be a string'],
  ['{"a": [{"equals-ignore-case": {"prefix": "x"}}]}', 'equals-ignore-case match pattern must be a string'],
  ['{"a": [{"wildcard": 123}]}', 'wildcard match pattern must be a string'],
  ['{"a": [{"wildcard": "arn:aws:events:us-east-1:**:x"}]}', 'Consecutive wildcard characters at pos 26'],
  ['{"a": [{"cidr": ["bad-type"]}]}', 'prefix match pattern must be a string'],
  ['{"a": [{"cidr": "bad"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [{"cidr": "10.0.0.0/xx"}]}', 'Malformed CIDR, mask bits must be an integer'],
  ['{"a": [{"cidr": "xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
  ['{"a": [{"cidr": "xxxx:db8:1234:1a00::/64"}]}', 'Nonstandard IP address: xxxx:db8:1234:1a00::'],
  ['{"a": [{"anything-but": null}]}', 'Value of anything-but must be an array or single string/number value.'],
  ['{"a": [{"anything-but": ["x", null]}]}', 'Inside anything but list, start|null|boolean is not supported.'],
  ['{"a": [{"anything-but": ["x", 1]}]}', /mixed type is not supported/],
  ['{"a": [{"anything-but": {"prefix": ""}}]}', 'Null prefix/suffix not allowed'],
  ['{"a": [{"anything-but": {"prefix": [123, "x"]}}]}', 'prefix/suffix match pattern must be a string'],
  ['{"a": [{"anything-but": {"suffix": 123}}]}', 'prefix/suffix match pattern must be a string'],
  [
    '{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]}',
    'Value of anything-but must be an array or single string/number value.',
  ],
  [
    '{"a": [{"anything-but": {"equals-ignore-case": [123, 456]}}]}',
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  ['{"a": [{"anything-but": {"wildcard": [123, "*/dir/*"]}}]}', 'wildcard match pattern must be a string'],
  ['{"$or": [{"a": ["x"]}]}', 'Unrecognized match type a'],
];

test('what is no pattern is refused for the reason that EventBridge has', () => {
  for (const [pattern, reason] of refusals) {
    assert.throws(() => parseEventPattern(pattern), { name: 'EventPatternError', message: reason }, pattern);
  }
  assert.throws(() => parseEventPattern('{"not": closed'), EventPatternError);
  const deep = `${'{"a":'.repeat(5_000)}["x"]${'}'.repeat(5_000)}`;
  assert.throws(() => parseEventPattern(deep), EventPatternError);
});

test('hostile patterns and events take time in proportion to their length', () => {
  const started = performance.now();
  const text = 'a'.repeat(1_000_000);
  for (const wildcard of [`*b${'a'.repeat(4_000)}*`, `*${'a*'.repeat(2_000)}b`, `*${'a'.repeat(4_000)}b*`]) {
    assert.equal(compileEventPattern({ a: [{ wildcard }] }).matches({ a: text }), false);
  }
  const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  assert.equal(compileEventPattern({ a: ['x'] }).matches({ a: nested }), false);
  assert.ok(performance.now() - started < 5_000);
});
