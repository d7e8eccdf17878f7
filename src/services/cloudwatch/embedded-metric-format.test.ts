import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedMeasurements } from './embedded-metric-format.ts';
import { noon } from './metrics-under-test.ts';

interface Directive {
  Namespace?: unknown;
  Dimensions?: unknown;
  Metrics?: unknown;
}

const event = (directive: Directive, values: object, time: unknown = noon) =>
  JSON.stringify({ _aws: { Timestamp: time, CloudWatchMetrics: [directive] }, ...values });

const measured = (message: string) =>
  embeddedMeasurements(message, noon).map(({ namespace, name, dimensions, unit, resolution, set }) => [
    namespace,
    name,
    dimensions,
    unit,
    resolution,
    set.sampleCount,
    set.sum,
  ]);

test('each metric is measured once for each set of dimensions', () => {
  const message = event(
    {
      Namespace: 'App',
      Dimensions: [['service'], ['service', 'operation']],
      Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 1 }, { Name: 'sizes' }],
    },
    { service: 'web', operation: 'get', time: 12.5, sizes: [1, 2, 3], other: 'x' },
  );
  const [one, two] = [
    [['service', 'web']],
    [
      ['service', 'web'],
      ['operation', 'get'],
    ],
  ];
  assert.deepEqual(measured(message), [
    ['App', 'time', one, 'Milliseconds', 1, 1, 12.5],
    ['App', 'time', two, 'Milliseconds', 1, 1, 12.5],
    ['App', 'sizes', one, 'None', 60, 3, 6],
    ['App', 'sizes', two, 'None', 60, 3, 6],
  ]);
});

test('without dimensions a metric has none', () => {
  for (const Dimensions of [undefined, [], [[]]]) {
    const message = event({ Namespace: 'App', Dimensions, Metrics: [{ Name: 'n' }] }, { n: 1 });
    assert.deepEqual(measured(message), [['App', 'n', [], 'None', 60, 1, 1]]);
  }
});

test('what is wrong is left out', () => {
  const good = { Namespace: 'App', Metrics: [{ Name: 'n' }] };
  const messages = [
    'plain text',
    '"_aws" in text',
    '["_aws"]',
    '{"_aws": 1}',
    '{"_aws": {"CloudWatchMetrics": {}}}',
    event(good, { n: 1 }, 'yesterday'),
    event(good, { n: 1 }, noon - 15 * 86_400_000),
    event(good, { n: 1 }, noon + 3 * 3_600_000),
    event(good, {}),
    event(good, { n: '1' }),
    event(good, { n: [1, 'x'] }),
    event(good, { n: [] }),
    event(good, { n: Array.from({ length: 101 }, () => 1) }),
    event(good, { n: 2 ** 361 }),
    event({ ...good, Namespace: '' }, { n: 1 }),
    event({ ...good, Namespace: 'AWS/Lambda' }, { n: 1 }),
    event({ ...good, Metrics: [{ Name: 'toString' }] }, { n: 1 }),
    event({ ...good, Metrics: [{ Name: 'n', Unit: 'Parsecs' }] }, { n: 1 }),
    event({ ...good, Metrics: Array.from({ length: 101 }, () => ({ Name: 'n' })) }, { n: 1 }),
    event({ ...good, Dimensions: [['missing']] }, { n: 1 }),
    event({ ...good, Dimensions: [['n']] }, { n: 1 }),
  ];
  for (const message of messages) assert.deepEqual(embeddedMeasurements(message, noon), [], message);
});

test('one hundred metrics of one hundred values are taken', () => {
  const Metrics = Array.from({ length: 100 }, (_, index) => ({ Name: `n${index}` }));
  const values = Object.fromEntries(Metrics.map(({ Name }) => [Name, Array.from({ length: 100 }, () => 2)]));
  const found = embeddedMeasurements(event({ Namespace: 'App', Metrics }, values), noon);
  assert.equal(found.length, 100);
  assert.ok(found.every(({ set }) => set.sampleCount === 100 && set.sum === 200));
});
