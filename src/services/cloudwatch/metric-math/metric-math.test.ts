import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  evaluate,
  ExpressionError,
  type MathScope,
  type MathValue,
  parseExpression,
  type TimeSeries,
} from './index.ts';

const start = Date.UTC(2026, 0, 4, 23, 58);

/** A series of one value a minute; undefined: none. */
function series(values: (number | undefined)[], label = ''): TimeSeries {
  const points = values.map((value, index) => [start + index * 60_000, value] as const);
  const present = points.filter((point): point is readonly [number, number] => point[1] !== undefined);
  return { label, period: 60, timestamps: present.map(([time]) => time), values: present.map(([, value]) => value) };
}

const metrics: Record<string, TimeSeries> = {
  m1: series([1, 2, undefined, 4], 'one'),
  m2: series([10, 0, 30, 40], 'two'),
  empty: series([], 'none'),
};

const scope: MathScope = {
  grid: { from: start, to: start + 4 * 60_000, period: 60 },
  resolve: async (id) => metrics[id],
  metrics: async (part) =>
    Object.keys(metrics)
      .filter((id) => part === undefined || id.includes(part))
      .map((id) => metrics[id]!),
  search: async (query, stat, period) => [{ ...metrics['m1']!, label: `${query} ${stat} ${period}` }],
};

const value = (expression: string): Promise<MathValue> => evaluate(parseExpression(expression), scope);

async function values(expression: string): Promise<(number | undefined)[] | number> {
  const result = await value(expression);
  if (typeof result === 'number') return result;
  const found = result as TimeSeries;
  return scopeTimes().map((time) => found.values[found.timestamps.indexOf(time)]);
}

const scopeTimes = () => [0, 1, 2, 3].map((index) => start + index * 60_000);

test('operators bind as in arithmetic, powers to the right', async () => {
  const cases: Record<string, number> = {
    '1 + 2 * 3': 7,
    '(1 + 2) * 3': 9,
    '10 - 4 - 3': 3,
    '2 ^ 3 ^ 2': 512,
    '-2 ^ 2': -4,
    '2 * -3': -6,
    '8 / 4 / 2': 1,
    '1 < 2 AND 2 < 1': 0,
    '1 < 2 || 2 < 1': 1,
    '1 == 1 and 1 != 2': 1,
    '1 + 1 >= 2': 1,
    '.5e1': 5,
  };
  for (const [expression, expected] of Object.entries(cases))
    assert.equal(await values(expression), expected, expression);
});

test('what is no expression is a syntax error', () => {
  for (const expression of [
    '',
    '1 +',
    '(1',
    '1)',
    'm1 m2',
    'SUM(',
    'SUM(m1,)',
    "'open",
    'm1 @ m2',
    '[m1',
    '='.repeat(3),
    '('.repeat(500),
  ])
    assert.throws(() => parseExpression(expression), ExpressionError, expression);
});

test('operators on series work where both have a point', async () => {
  assert.deepEqual(await values('m1 + m2'), [11, 2, undefined, 44]);
  assert.deepEqual(await values('m1 * 2'), [2, 4, undefined, 8]);
  assert.deepEqual(await values('100 - m2'), [90, 100, 70, 60]);
  assert.deepEqual(await values('-m1'), [-1, -2, undefined, -4]);
  assert.deepEqual(await values('m2 > 10'), [0, 0, 1, 1]);
});

test('a division by zero leaves a gap', async () => {
  assert.deepEqual(await values('m1 / m2'), [0.1, undefined, undefined, 0.1]);
});

test('functions of one series give a number or a series', async () => {
  const cases: Record<string, number | (number | undefined)[]> = {
    'AVG(m2)': 20,
    'MAX(m1)': 4,
    'MIN(m2)': 0,
    'SUM(m1)': 7,
    'STDDEV([1, 2])': [0.5, 0.5, 0.5, 0.5],
    'DATAPOINT_COUNT(m1)': 3,
    'PERIOD(m1)': 60,
    'ABS(-m1)': [1, 2, undefined, 4],
    'CEIL(m1 / 4)': [1, 1, undefined, 1],
    'FLOOR(m1 / 4)': [0, 0, undefined, 1],
    'LOG10(m2)': [1, undefined, Math.log10(30), Math.log10(40)],
    'DIFF(m1)': [undefined, 1, undefined, 2],
    'DIFF_TIME(m1)': [undefined, 60, undefined, 120],
    'RATE(m2)': [undefined, -10 / 60, 0.5, 10 / 60],
    'RUNNING_SUM(m1)': [1, 3, undefined, 7],
    'TIME_SERIES(5)': [5, 5, 5, 5],
    'MINUTE(m2)': [58, 59, 0, 1],
    'HOUR(m2)': [23, 23, 0, 0],
    'DAY(m2)': [7, 7, 1, 1],
    'MONTH(m2)': [1, 1, 1, 1],
    'YEAR(m2)': [2026, 2026, 2026, 2026],
    'm2 - AVG(m2)': [-10, -20, 10, 20],
  };
  for (const [expression, expected] of Object.entries(cases))
    assert.deepEqual(await values(expression), expected, expression);
});

test('FILL fills with a number, a series, the value before or a line between', async () => {
  assert.deepEqual(await values('FILL(m1, 0)'), [1, 2, 0, 4]);
  assert.deepEqual(await values('FILL(m1, m2)'), [1, 2, 30, 4]);
  assert.deepEqual(await values('FILL(m1, REPEAT)'), [1, 2, 2, 4]);
  assert.deepEqual(await values('FILL(m1, LINEAR)'), [1, 2, 3, 4]);
  assert.deepEqual(await values('FILL(empty, 7)'), [7, 7, 7, 7]);
  assert.deepEqual(await values('FILL(empty, REPEAT)'), [undefined, undefined, undefined, undefined]);
});

test('IF chooses point by point, or at once', async () => {
  assert.deepEqual(await values('IF(m2 > 5, m2, 0)'), [10, 0, 30, 40]);
  assert.deepEqual(await values('IF(m2 > 5, m1)'), [1, undefined, undefined, 4]);
  assert.deepEqual(await values('IF(1 > 2, m1, m2)'), [10, 0, 30, 40]);
});

test('functions of arrays work across their series', async () => {
  assert.deepEqual(await values('SUM([m1, m2])'), [11, 2, 30, 44]);
  assert.deepEqual(await values('MAX([m1, 3])'), [3, 3, 3, 4]);
  assert.deepEqual(await values('AVG(METRICS("m"))'), [5.5, 1, 30, 22]);
  assert.deepEqual(await values('SUM(METRICS())'), [11, 2, 30, 44]);
  assert.equal(await values('METRIC_COUNT(METRICS())'), 3);
  assert.equal(await values('METRIC_COUNT(REMOVE_EMPTY(METRICS()))'), 2);
  assert.deepEqual(await values('FIRST(METRICS())'), [1, 2, undefined, 4]);
  assert.deepEqual(await values('LAST(SLICE(METRICS(), 0, 2))'), [10, 0, 30, 40]);
  assert.deepEqual(await values('FIRST(METRICS("nothing"))'), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(await values('FIRST(METRICS() * 2)'), [2, 4, undefined, 8]);
  assert.deepEqual(await values('FIRST(SORT(METRICS(), MAX, DESC))'), [10, 0, 30, 40]);
  const sorted = (await value('SORT(METRICS(), SUM, ASC, 2)')) as TimeSeries[];
  assert.deepEqual(
    sorted.map(({ label }) => label),
    ['one', 'two'],
  );
});

test('SEARCH passes on what to look for', async () => {
  const found = (await value("SEARCH('{A,B} x', 'Sum', 300)")) as TimeSeries[];
  assert.deepEqual(
    found.map(({ label }) => label),
    ['{A,B} x Sum 300'],
  );
});

test('what cannot be evaluated says why', async () => {
  const cases: Record<string, RegExp> = {
    'm9 + 1': /^Unknown identifier: m9$/,
    'NOPE(m1)': /^Unknown function: NOPE$/,
    'constructor(m1)': /^Unknown function/,
    'ANOMALY_DETECTION_BAND(m1)': /ANOMALY_DETECTION_BAND is not supported/,
    'RATE(5)': /time series is expected/,
    'SORT(m1, MAX, DESC)': /array of time series/,
    'SUM()': /argument is missing/,
  };
  for (const [expression, message] of Object.entries(cases))
    await assert.rejects(value(expression), { name: 'ExpressionError', message }, expression);
});

test('a series is filled over as many points as one answer holds, in no time', async () => {
  const at = (points: number): MathScope => ({
    ...scope,
    grid: { from: start, to: start + points * 60_000, period: 60 },
  });
  for (const filler of ['REPEAT', 'LINEAR', 'm2', '0']) {
    const filled = (await evaluate(parseExpression(`FILL(m1, ${filler})`), at(100_800))) as TimeSeries;
    assert.ok(filled.values.length >= 4);
  }
  await assert.rejects(evaluate(parseExpression('FILL(m1, 0)'), at(100_801)), { name: 'ExpressionError' });
});
