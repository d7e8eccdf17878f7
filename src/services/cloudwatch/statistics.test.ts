import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatisticSet } from './statistic-set.ts';
import { parseStatistic, statisticOf } from './statistics.ts';

function setOf(values: Iterable<number>): StatisticSet {
  const set = new StatisticSet();
  for (const value of values) set.add(value);
  return set;
}

const statistic = (name: string, values: Iterable<number>) => statisticOf(parseStatistic(name)!, setOf(values));

/** Numbers from 0 to 1 that are the same in every run. */
function* random(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('names that CloudWatch does not have are no statistics', () => {
  for (const name of [
    '',
    'average',
    'p',
    'p101',
    'p-1',
    'p99.12345678901',
    'tm',
    'TM',
    'TM(:)',
    'TM(90%:10%)',
    'PR(1%:2%)',
    'TM(10%:90)',
    'IQM50',
  ])
    assert.equal(parseStatistic(name), undefined, name);
});

test('names that CloudWatch has are statistics', () => {
  for (const name of [
    'p0',
    'p99',
    'p99.9',
    'p100',
    'tm99',
    'tc50',
    'ts1.5',
    'wm98',
    'IQM',
    'TM(10%:90%)',
    'TM(:95%)',
    'TC(5%:)',
    'TS(80%:)',
    'WM(2%:98%)',
    'PR(:300)',
    'PR(100:2000)',
    'TM(0.5:1e3)',
  ])
    assert.notEqual(parseStatistic(name), undefined, name);
});

test('the simple statistics are what their names say', () => {
  const values = [4, 1, 7];
  assert.equal(statistic('SampleCount', values), 3);
  assert.equal(statistic('Sum', values), 12);
  assert.equal(statistic('Average', values), 4);
  assert.equal(statistic('Minimum', values), 1);
  assert.equal(statistic('Maximum', values), 7);
});

test('nothing has no statistics', () => {
  for (const name of ['SampleCount', 'Sum', 'Average', 'p50', 'TM(10%:90%)'])
    assert.equal(statistic(name, []), undefined);
});

test('percentiles of few values are those of the sorted list', () => {
  const next = random(1);
  for (let round = 0; round < 200; round++) {
    const count = 1 + Math.floor(next.next().value * 150);
    const values = Array.from({ length: count }, () => Math.round(next.next().value * 1e6) / 1e3);
    const ordered = values.toSorted((a, b) => a - b);
    for (const percent of [0, 1, 7, 25, 50, 90, 95.5, 99, 99.9, 100]) {
      const rank = Math.max(1, Math.ceil(Number(((percent * count) / 100).toFixed(8))));
      assert.equal(statistic(`p${percent}`, values), ordered[rank - 1], `p${percent} of ${count}`);
    }
  }
});

test('percentiles of many values are within one percent of those of the sorted list', () => {
  const next = random(2);
  for (let round = 0; round < 20; round++) {
    const values = Array.from({ length: 5_000 }, () => Math.exp(next.next().value * 20 - 5));
    const ordered = values.toSorted((a, b) => a - b);
    for (const percent of [1, 10, 50, 90, 99, 99.9]) {
      const exact = ordered[Math.ceil(percent * 50) - 1]!;
      const found = statistic(`p${percent}`, values)!;
      assert.ok(Math.abs(found - exact) <= exact / 100, `p${percent}: ${found} for ${exact}`);
    }
    assert.equal(statistic('p0', values), ordered[0]);
    assert.equal(statistic('p100', values), ordered.at(-1));
    assert.equal(statistic('SampleCount', values), 5_000);
  }
});

test('percentiles need values that are not negative', () => {
  assert.equal(statistic('p50', [-1, 2, 3]), undefined);
});

test('statistic sets have no percentiles, unless all values are the same', () => {
  const set = setOf([1]);
  set.merge(StatisticSet.of(3, 12, 2, 6));
  assert.equal(statisticOf(parseStatistic('p50')!, set), undefined);
  assert.equal(statisticOf(parseStatistic('Sum')!, set), 13);
  assert.equal(statisticOf(parseStatistic('Maximum')!, set), 6);
  const same = new StatisticSet();
  same.merge(StatisticSet.of(3, 12, 4, 4));
  assert.equal(statisticOf(parseStatistic('p50')!, same), 4);
});

const oneToTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test('trimmed statistics leave out a share of the values at either end', () => {
  assert.equal(statistic('TM(10%:90%)', oneToTen), 5.5);
  assert.equal(statistic('TM(:90%)', oneToTen), 5);
  assert.equal(statistic('tm90', oneToTen), 5);
  assert.equal(statistic('TC(:90%)', oneToTen), 9);
  assert.equal(statistic('TS(80%:)', oneToTen), 19);
  assert.equal(statistic('WM(10%:90%)', oneToTen), 5.5);
  assert.equal(statistic('wm90', oneToTen), 5.4);
  assert.equal(statistic('IQM', [1, 2, 3, 4, 5, 6, 7, 100]), 4.5);
});

test('trimmed statistics by value exclude the lower bound and include the upper', () => {
  assert.equal(statistic('PR(:3)', oneToTen), 30);
  assert.equal(statistic('PR(3:5)', oneToTen), 20);
  assert.equal(statistic('TC(3:)', oneToTen), 7);
  assert.equal(statistic('TM(3:5)', oneToTen), 4.5);
  assert.equal(statistic('WM(3:5)', oneToTen), 4.3);
  assert.equal(statistic('TM(20:30)', oneToTen), undefined);
});

test('merging sets equals adding all their values', () => {
  const next = random(3);
  const values = Array.from({ length: 140 }, () => Math.round(next.next().value * 100));
  const merged = setOf(values.slice(0, 50));
  merged.merge(setOf(values.slice(50)));
  const whole = setOf(values);
  for (const name of ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'p50', 'p99', 'TM(10%:90%)'])
    assert.equal(statisticOf(parseStatistic(name)!, merged), statisticOf(parseStatistic(name)!, whole), name);
});
