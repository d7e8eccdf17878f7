import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metric, noon, openMetrics } from './metrics-under-test.ts';
import { BufferedMetricSink } from './metric-sink.ts';
import { StatisticSet } from './statistic-set.ts';
import { parseStatistic, statisticOf } from './statistics.ts';

const minute = 60_000;
const hour = { from: noon - 30 * minute, to: noon + 30 * minute, period: 60 };

test('values of a minute become one point that holds all of them', async (t) => {
  const { sink, reader, close } = await openMetrics();
  t.after(close);
  for (const value of [3, 1, 2])
    sink.add('123456789012', 'eu-west-1', 'App', 'Size', [['A', 'b']], 'Bytes', value, noon + 20_000);
  sink.add('123456789012', 'eu-west-1', 'App', 'Size', [['A', 'b']], 'Bytes', 9, noon + 70_000);
  const periods = await reader.periods(metric('Size', [['A', 'b']]), hour);
  assert.deepEqual(
    periods.map(({ time, unit, set }) => [time, unit, set.sampleCount, set.sum, set.minimum, set.maximum]),
    [
      [noon, 'Bytes', 3, 6, 1, 3],
      [noon + minute, 'Bytes', 1, 9, 9, 9],
    ],
  );
});

test('what comes in between flushes is added to what is stored', async (t) => {
  const { sink, reader, close } = await openMetrics();
  t.after(close);
  for (let value = 1; value <= 100; value++) {
    sink.add('123456789012', 'eu-west-1', 'App', 'Time', [], 'Milliseconds', value, noon - (value % 5) * minute);
    if (value % 7 === 0) await sink.flush();
  }
  const [period] = await reader.periods(metric('Time'), { ...hour, period: 3600 });
  assert.equal(period!.set.sampleCount, 100);
  assert.equal(period!.set.sum, 5050);
  assert.equal(statisticOf(parseStatistic('p90')!, period!.set), 90);
});

test('another sink over the same store adds to points of the one before', async (t) => {
  const { store, clock, log, sink, reader, close } = await openMetrics();
  t.after(close);
  sink.addSet(metric('N'), 'Count', 60, StatisticSet.of(2, 5, 1, 4), noon);
  await sink.flush();
  const next = new BufferedMetricSink(store, clock, log);
  next.addSet(metric('N'), 'Count', 60, StatisticSet.of(1, 7, 7, 7), noon);
  await next.flush();
  const [period] = await reader.periods(metric('N'), hour);
  assert.deepEqual([period!.set.sampleCount, period!.set.sum, period!.set.maximum], [3, 12, 7]);
});

test('values of long ago are added once', async (t) => {
  const { sink, reader, close } = await openMetrics();
  t.after(close);
  const before = noon - 24 * 60 * minute;
  for (let round = 0; round < 3; round++) {
    sink.addSet(metric('N'), 'Count', 60, StatisticSet.of(1, 1, 1, 1), before);
    await sink.flush();
  }
  const [period] = await reader.periods(metric('N'), { from: before, to: before + minute, period: 60 });
  assert.equal(period!.set.sampleCount, 3);
});

test('the order of dimensions does not matter, their values do', async (t) => {
  const { sink, reader, store, close } = await openMetrics();
  t.after(close);
  const forward: [string, string][] = [
    ['A', '1'],
    ['B', '2'],
  ];
  const orders = [
    forward,
    forward.toReversed(),
    [
      ['A', '1'],
      ['B', '3'],
    ] as [string, string][],
  ];
  for (let round = 0; round < 3; round++) {
    for (const dimensions of orders) {
      sink.add('123456789012', 'eu-west-1', 'App', 'N', dimensions, 'Count', 1, noon);
      await sink.flush();
    }
  }
  const [period] = await reader.periods(metric('N', forward.toReversed()), hour);
  assert.equal(period!.set.sampleCount, 6);
  const filter = { account: '123456789012', region: 'eu-west-1', dimensions: [{ name: 'A' }], activeFrom: 0 };
  assert.equal((await store.list(filter, undefined, 10)).length, 2);
});

test('it flushes by itself after a second, and has no timer when nothing comes', async (t) => {
  const { sink, store, clock, close } = await openMetrics();
  t.after(close);
  assert.equal(clock.timers, 0);
  sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', 1, noon);
  assert.equal(clock.timers, 1);
  clock.elapse(1_000);
  await sink.flush();
  assert.notEqual(await store.findMetric(metric('N')), undefined);
  assert.equal(clock.timers, 0);
});

test('what could not be stored is stored by the next flush, once', async (t) => {
  const { sink, store, reader, close } = await openMetrics();
  t.after(close);
  const write = store.write.bind(store);
  sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', 1, noon);
  sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', 2, noon - 60 * minute);
  store.write = (work) =>
    write(async (writer) => {
      await work(writer);
      throw new Error('disk full');
    });
  await assert.rejects(sink.flush(), { message: 'disk full' });
  store.write = write;
  sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', 3, noon);
  await sink.flush();
  const periods = await reader.periods(metric('N'), { from: noon - 90 * minute, to: noon + minute, period: 60 });
  assert.deepEqual(
    periods.map(({ set }) => [set.sampleCount, set.sum]),
    [
      [1, 2],
      [2, 4],
    ],
  );
});

test('totals tell all that came in, also of minutes that are long stored', async (t) => {
  const { sink, close } = await openMetrics();
  t.after(close);
  for (let index = 0; index < 5; index++) {
    sink.add(
      '123456789012',
      'eu-west-1',
      'AWS/Lambda',
      'Duration',
      [['FunctionName', 'f']],
      'Milliseconds',
      10,
      noon + index * minute,
    );
    await sink.flush();
  }
  sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', 1, noon);
  const totals = [...sink.totals(new Set(['AWS/Lambda']))];
  assert.deepEqual(
    totals.map(({ name, count, sum, last }) => [name, count, sum, last]),
    [['Duration', 5, 50, 10]],
  );
});

test('units stay apart', async (t) => {
  const { sink, reader, close } = await openMetrics();
  t.after(close);
  for (const unit of ['Seconds', 'None']) sink.add('123456789012', 'eu-west-1', 'App', 'N', [], unit, 1, noon);
  assert.deepEqual(
    (await reader.periods(metric('N'), hour)).map(({ unit }) => unit),
    ['None', 'Seconds'],
  );
  assert.deepEqual(
    (await reader.periods(metric('N'), { ...hour, unit: 'Seconds' })).map(({ unit }) => unit),
    ['Seconds'],
  );
});

test('what comes in while a flush fails is kept beside what it could not store', async (t) => {
  const { sink, store, reader, close } = await openMetrics();
  t.after(close);
  const write = store.write.bind(store);
  const add = (value: number, time: number) =>
    sink.add('123456789012', 'eu-west-1', 'App', 'N', [], 'Count', value, time);
  const old = noon - 60 * minute;
  for (const time of [noon, old]) add(1, time);
  store.write = (work) =>
    write(async (writer) => {
      await work(writer);
      for (const time of [noon + minute, old, noon]) add(10, time);
      throw new Error('disk full');
    });
  await assert.rejects(sink.flush(), { message: 'disk full' });
  store.write = write;
  await sink.flush();
  const periods = await reader.periods(metric('N'), { from: noon - 90 * minute, to: noon + 2 * minute, period: 60 });
  assert.deepEqual(
    periods.map(({ time, set }) => [time, set.sampleCount, set.sum]),
    [
      [old, 2, 11],
      [noon, 2, 11],
      [noon + minute, 1, 10],
    ],
  );
});

test('a metric is flushed by itself, and what else was measured waits', async (t) => {
  const { sink, store, close } = await openMetrics();
  t.after(close);
  for (const name of ['A', 'B']) sink.add('123456789012', 'eu-west-1', 'App', name, [], 'Count', 1, noon);
  await sink.flushMetrics([metric('A'), metric('Unknown', [['C', 'd']])]);
  assert.notEqual(await store.findMetric(metric('A')), undefined);
  assert.equal(await store.findMetric(metric('B')), undefined);
  await sink.flush();
  assert.notEqual(await store.findMetric(metric('B')), undefined);
});
