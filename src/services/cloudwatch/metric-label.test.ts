import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLabels, dynamicLabel, timezoneOffset } from './metric-label.ts';
import type { MetricSource, TimeSeries } from './metric-math/index.ts';

const source = (changes: Partial<MetricSource> = {}): MetricSource => ({
  account: '123456789012',
  region: 'eu-west-1',
  namespace: 'AWS/Lambda',
  name: 'Errors',
  dimensions: [['FunctionName', 'f']],
  stat: 'Sum',
  ...changes,
});

test('a label is the name of the metric and what differs', () => {
  const label = (...each: [Partial<MetricSource>, number][]) =>
    defaultLabels(each.map(([changes, period]) => ({ source: source(changes), period })));
  assert.deepEqual(label([{}, 60]), ['Errors']);
  assert.deepEqual(label([{}, 60], [{ name: 'Invocations' }, 60]), ['Errors', 'Invocations']);
  assert.deepEqual(label([{}, 60], [{ stat: 'Average' }, 300]), ['Errors Sum 60', 'Errors Average 300']);
  assert.deepEqual(label([{}, 60], [{ dimensions: [['FunctionName', 'g']] }, 60]), ['f Errors', 'g Errors']);
});

const start = Date.UTC(2026, 2, 2, 10);
const series: TimeSeries = {
  label: 'Errors',
  period: 60,
  timestamps: [start, start + 60_000, start + 120_000],
  values: [2, 7.123456, 1],
  source: source(),
};

test('dynamic parts tell of the series', () => {
  const cases: Record<string, string> = {
    LABEL: 'Errors',
    MAX: '7.1235',
    MIN: '1',
    SUM: '10.1235',
    FIRST: '2',
    LAST: '1',
    DATAPOINT_COUNT: '3',
    MAX_TIME: '2026-03-02 11:01:00',
    LAST_TIME_RELATIVE: '1h 3m ago',
    MIN_MAX_RANGE: '1 - 7.1235',
    "PROP('Dim.FunctionName')": 'f',
    "PROP('AccountId')": '123456789012',
    "PROP('Stat')": 'Sum',
    "PROP('Period')": '60',
    // Not known, so left as they are.
    NOPE: `\${NOPE}`,
    "PROP('Dim.Other')": `\${PROP('Dim.Other')}`,
  };
  const scope = { now: start + 65 * 60_000, timezone: timezoneOffset('+0100')! };
  for (const [part, expected] of Object.entries(cases))
    assert.equal(dynamicLabel(`\${${part}}`, series, scope), expected, part);
  assert.equal(dynamicLabel('plain', series, scope), 'plain');
  assert.equal(dynamicLabel(`\${MAX}`, { ...series, timestamps: [], values: [] }, scope), '--');
});

test('timezones are four digits and a sign', () => {
  assert.equal(timezoneOffset('+0130'), 90 * 60_000);
  assert.equal(timezoneOffset('-0800'), -8 * 3_600_000);
  for (const wrong of ['0130', '+130', '+0199', 'UTC']) assert.equal(timezoneOffset(wrong), undefined);
});
