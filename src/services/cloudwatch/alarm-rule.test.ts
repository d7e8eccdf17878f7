import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateValue } from './alarm.ts';
import { alarmsOf, holds, parseRule } from './alarm-rule.ts';
import { bounds, limits } from './limits.ts';

const owner = { account: '123456789012', region: 'eu-west-1' };
const arn = (name: string) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`;
const parse = (text: string) => parseRule(text, owner);
const states: Record<string, StateValue> = { a: 'ALARM', o: 'OK', i: 'INSUFFICIENT_DATA', 'two words': 'ALARM' };
const value = (text: string) => holds(parse(text), (name) => states[name]);
const refusal = (text: string) => {
  try {
    parse(text);
  } catch (error) {
    assert.equal((error as { code: string }).code, 'ValidationError');
    return (error as Error).message;
  }
  return assert.fail(`accepted: ${text.slice(0, 100)}`);
};

test('each function is true in its state', () => {
  assert.equal(value('ALARM(a)'), true);
  assert.equal(value('ALARM(o)'), false);
  assert.equal(value('OK("o")'), true);
  assert.equal(value('INSUFFICIENT_DATA(i)'), true);
  assert.equal(value('TRUE'), true);
  assert.equal(value('FALSE'), false);
  assert.equal(value('OK(gone)'), false);
});

test('NOT binds tighter than AND, and AND tighter than OR', () => {
  assert.equal(value('TRUE OR FALSE AND FALSE'), true);
  assert.equal(value('(TRUE OR FALSE) AND FALSE'), false);
  assert.equal(value('NOT FALSE AND TRUE'), true);
  assert.equal(value('NOT (TRUE AND TRUE)'), false);
  assert.equal(value('NOT NOT ALARM(a)'), true);
  assert.equal(value('ALARM(o) or not ok(a)'), true);
  assert.equal(value('ALARM(a)AND(OK(o)OR ALARM(o))'), true);
});

test('alarms are named by name or ARN, with or without quotes', () => {
  assert.deepEqual(alarmsOf(parse(`ALARM(${arn('x')}) OR OK("${arn('two words')}") OR ALARM(x)`)), ['x', 'two words']);
  assert.deepEqual(alarmsOf(parse('ALARM("a \\"quoted\\" (name), here")')), ['a "quoted" (name), here']);
  assert.deepEqual(alarmsOf(parse('TRUE')), []);
  assert.equal(value('ALARM( "two words" )'), true);
});

test('AT_LEAST counts alarms or takes a share of them', () => {
  assert.equal(value('AT_LEAST(2, ALARM, (a, "two words", o))'), true);
  assert.equal(value('AT_LEAST(3, ALARM, (a, "two words", o))'), false);
  assert.equal(value('AT_LEAST(50%, OK, (a, o))'), true);
  assert.equal(value('AT_LEAST(51%, OK, (a, o))'), false);
  assert.equal(value('AT_LEAST(2, NOT ALARM, (a, o, i)) AND TRUE'), true);
  assert.deepEqual(alarmsOf(parse(`AT_LEAST(1, OK, (${arn('y')}, z))`)), ['y', 'z']);
});

test('what is wrong is named with its place', () => {
  assert.equal(
    refusal('ALARM(SampleQueue Oldest Age)'),
    "Error in AlarmRule [Unsupported token 'Oldest' at char 18, must be: ')']",
  );
  assert.equal(
    refusal('()'),
    "Error in AlarmRule [Unsupported token ')' at char 1, must be: '(', 'NOT', AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA]",
  );
  for (const text of [
    'ALARM',
    'ALARM(',
    'ALARM(a',
    'ALARM()',
    'ALARM(a) AND',
    'ALARM(a) OK(b)',
    'NOT',
    '"TRUE"',
    'a',
  ]) {
    assert.match(refusal(text), /^Error in AlarmRule \[/, text);
  }
  for (const text of ['ALARM(",)', 'AT_LEAST(0, OK, (a))', 'AT_LEAST(2, OK, (a))', 'AT_LEAST(101%, OK, (a))']) {
    assert.match(refusal(text), /^Error in AlarmRule \[/, text);
  }
  assert.match(refusal('ALARM(arn:aws:cloudwatch:eu-west-1:999999999999:alarm:x)'), /Invalid alarm ARN/);
});

test('whitespace around a rule is refused, within it is not', () => {
  for (const text of ['', ' TRUE', 'TRUE\n']) {
    assert.equal(refusal(text), 'AlarmRule must not contain leading or trailing whitespace or be null');
  }
  assert.equal(value('TRUE\n  AND\tTRUE'), true);
});

test('hostile rules are refused without harm', () => {
  assert.match(refusal('('.repeat(10_000)), /nested deeper/);
  assert.match(refusal(`${'NOT '.repeat(2_500)}TRUE`), /nested deeper/);
  assert.match(refusal(`TRUE${' OR TRUE'.repeat(limits.ruleElements)}`), /more than 500 elements/);
  assert.match(refusal(`"${'\\"'.repeat(5_000)}`), /Unsupported token/);
  const deep = bounds.ruleDepth - 1;
  assert.equal(value(`${'('.repeat(deep)}TRUE${')'.repeat(deep)}`), true);
});
