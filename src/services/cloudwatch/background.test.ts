import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Background } from './background.ts';
import { bounds } from './limits.ts';
import { metric, noon, openMetrics } from './metrics-under-test.ts';
import { StatisticSet } from './statistic-set.ts';

const hour = 3_600_000;
const day = 24 * hour;

async function open() {
  const parts = await openMetrics();
  const background = new Background(parts.store, parts.clock, parts.log);
  const resolutions = async () => {
    const rows = await parts.database.all<{ resolution: number; n: number; total: number }>(
      'SELECT resolution, COUNT(*) AS n, SUM(sample_count) AS total FROM metric_point GROUP BY resolution ORDER BY resolution',
    );
    return rows.map(({ resolution, n, total }) => [resolution, n, total]);
  };
  return { ...parts, background, resolutions };
}

test('points are rolled up as they grow old, lose no value, and are deleted after 455 days', async (t) => {
  const { sink, clock, store, reader, background, resolutions, close } = await open();
  t.after(close);
  for (let second = 0; second < 600; second++) {
    sink.addSet(metric('N'), 'Count', 1, StatisticSet.of(1, second, second, second), noon + second * 1000);
  }
  await sink.flush();
  clock.elapse(600_000);
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[1, 600, 600]]);
  clock.elapse(3 * hour);
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[60, 10, 600]]);
  clock.elapse(15 * day);
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[300, 2, 600]]);
  clock.elapse(63 * day);
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[3600, 1, 600]]);
  const [period] = await reader.periods(metric('N'), { from: noon, to: noon + hour, period: 3600 });
  assert.deepEqual([period!.set.sum, period!.set.minimum, period!.set.maximum], [179_700, 0, 599]);
  assert.deepEqual(await reader.periods(metric('N'), { from: noon, to: noon + hour, period: 60 }), []);
  clock.elapse(455 * day);
  await background.rollUp();
  assert.deepEqual(await resolutions(), []);
  assert.equal(await store.findMetric(metric('N')), undefined);
});

test('what comes late is added to what is rolled up', async (t) => {
  const { sink, clock, background, resolutions, close } = await open();
  t.after(close);
  const add = (time: number) => sink.addSet(metric('N'), 'Count', 60, StatisticSet.of(1, 1, 1, 1), time);
  add(noon);
  await sink.flush();
  clock.elapse(15 * day + hour);
  await background.rollUp();
  add(noon);
  await sink.flush();
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[300, 1, 2]]);
});

test('more points than one transaction takes are all rolled up', async (t) => {
  const { sink, clock, background, resolutions, close } = await open();
  t.after(close);
  const count = bounds.rollUpPoints + 10;
  for (let index = 0; index < count; index++) {
    sink.addSet(metric(`N${index}`), 'Count', 1, StatisticSet.of(1, 1, 1, 1), noon);
  }
  await sink.flush();
  clock.elapse(4 * hour);
  await background.rollUp();
  assert.deepEqual(await resolutions(), [[60, count, count]]);
});

test('it works on its own clock until it is stopped', async (t) => {
  const { sink, clock, background, resolutions, close } = await open();
  t.after(close);
  sink.addSet(metric('N'), 'Count', 1, StatisticSet.of(1, 1, 1, 1), noon);
  await sink.flush();
  clock.elapse(4 * hour);
  background.start();
  clock.elapse(bounds.rollUpIntervalMs);
  const deadline = Date.now() + 10_000;
  while ((await resolutions())[0]![0] !== 60) {
    assert.ok(Date.now() < deadline);
    await new Promise(setImmediate);
  }
  await background.stop();
  assert.equal(clock.timers, 0);
});
