// Which requests rules sample, on a clock and a chance that the tests set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, isLike, matches, ruleFor } from './sampling.ts';
import { defaultRule } from './sampling-rule.ts';

const request = {
  serviceName: 'orders',
  serviceType: 'AWS::Lambda::Function',
  resourceArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
};

test('the first request of each second is sampled, and of those beyond it as many as the rate says', () => {
  const reservoir = { second: 0, used: 0 };
  assert.equal(decide(defaultRule, reservoir, 5_000, 0.99), 'reservoir');
  assert.equal(decide(defaultRule, reservoir, 5_001, 0.05), 'not sampled');
  assert.equal(decide(defaultRule, reservoir, 5_999, 0.049), 'rate');
  assert.equal(decide(defaultRule, reservoir, 6_000, 0.99), 'reservoir');
});

test('over an hour of ten requests a second, one and five of a hundred of the others are sampled', () => {
  const reservoir = { second: 0, used: 0 };
  let seed = 1;
  const chance = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let sampled = 0;
  for (let ms = 0; ms < 3_600_000; ms += 100) {
    if (decide(defaultRule, reservoir, ms, chance()) !== 'not sampled') sampled++;
  }
  assert.ok(Math.abs(sampled - (3_600 + 32_400 * 0.05)) < 150, String(sampled));
});

test('a rule without reservoir and rate samples nothing, and one of rate 1 everything', () => {
  const reservoir = { second: 0, used: 0 };
  assert.equal(decide({ reservoirSize: 0, fixedRate: 0 }, reservoir, 1_000, 0), 'not sampled');
  assert.equal(decide({ reservoirSize: 0, fixedRate: 1 }, reservoir, 1_000, 0.999), 'rate');
});

test('patterns know * and ?, in any case of letters', () => {
  for (const [pattern, text, like] of [
    ['*', '', true],
    ['ord*', 'Orders', true],
    ['?rders', 'orders', true],
    ['?rders', 'rders', false],
    ['*:function:*', 'arn:aws:lambda:x:1:function:orders', true],
    ['a*b*c', 'aXXbYYc', true],
    ['a*b*c', 'aXXcYYb', false],
    ['orders', 'orders2', false],
    ['', 'x', false],
  ] as const) {
    assert.equal(isLike(pattern, text), like, `${pattern} ${text}`);
  }
});

test('many stars do not make matching slow', () => {
  const startedAt = performance.now();
  assert.equal(isLike(`${'*a'.repeat(60)}b`, 'a'.repeat(500)), false);
  assert.ok(performance.now() - startedAt < 1_000);
});

test('of the rules that match the one of least priority decides, then the first by name', () => {
  const rule = (name: string, priority: number, serviceName = '*') => ({ ...defaultRule, name, priority, serviceName });
  const rules = [rule('b', 5), rule('a', 5), rule('c', 1, 'other'), defaultRule];
  assert.equal(ruleFor(rules, request)!.name, 'a');
  assert.equal(ruleFor(rules, { ...request, serviceName: 'other' })!.name, 'c');
  assert.equal(ruleFor([], request), undefined);
});

test('a request without host, method, path and attributes falls under rules that ask for none', () => {
  assert.equal(matches({ ...defaultRule, host: 'example.com' }, request), false);
  assert.equal(matches({ ...defaultRule, httpMethod: 'GET' }, { ...request, httpMethod: 'GET' }), true);
  assert.equal(matches({ ...defaultRule, urlPath: '/a/*' }, { ...request, urlPath: '/b' }), false);
  assert.equal(matches({ ...defaultRule, attributes: { a: 'b' } }, request), false);
  assert.equal(matches({ ...defaultRule, resourceArn: '*:function:orders' }, request), true);
});
