// GetMetricStatistics over the wire: what was put is told as every statistic, by periods, units and resolutions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { at, base, client, put, statistics } from './cloudwatch-server.ts';

test('values beside a statistic set are taken, and the set is what counts', async () => {
  const set = { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 };
  await put('Both', { MetricName: 'Latency', Timestamp: at(1), Values: [1, 100], StatisticValues: set });
  const answer = await client.send(
    new cloudwatch.GetMetricStatisticsCommand({
      Namespace: 'Both',
      MetricName: 'Latency',
      StartTime: at(0),
      EndTime: at(5),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  assert.deepEqual(
    answer.Datapoints?.map(({ Sum }) => Sum),
    [55],
  );
});

test('values, counts and statistic sets of one minute are one datapoint', async () => {
  const common = { MetricName: 'Latency', Timestamp: at(1), Unit: 'Milliseconds' as const };
  await put('App', { ...common, Value: 5 });
  await put('App', { ...common, Values: [1, 10], Counts: [2, 4] });
  await put('App', { ...common, StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 3, Maximum: 3 } });
  const answer = await statistics({ Statistics: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] });
  assert.equal(answer.Label, 'Latency');
  assert.deepEqual(answer.Datapoints, [
    { Timestamp: at(1), SampleCount: 9, Average: 53 / 9, Sum: 53, Minimum: 1, Maximum: 10, Unit: 'Milliseconds' },
  ]);
});

test('extended statistics come by the names that were asked for', async () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  await put('Extended', { MetricName: 'N', Timestamp: at(0), Values: values });
  const names = ['p50', 'p99.9', 'TM(10%:90%)', 'PR(:25)', 'IQM', 'tc90'];
  const answer = await statistics({
    Namespace: 'Extended',
    MetricName: 'N',
    Statistics: undefined,
    ExtendedStatistics: names,
  });
  assert.deepEqual(answer.Datapoints![0]!.ExtendedStatistics, {
    p50: 50,
    'p99.9': 100,
    'TM(10%:90%)': 50.5,
    'PR(:25)': 25,
    IQM: 50.5,
    tc90: 90,
  });
});

test('periods begin with the start time, and the end time is excluded', async () => {
  for (const minute of [0, 1, 4, 5]) await put('Periods', { MetricName: 'N', Timestamp: at(minute), Value: 1 });
  const answer = await statistics({
    Namespace: 'Periods',
    MetricName: 'N',
    StartTime: at(1),
    EndTime: at(5),
    Period: 180,
  });
  assert.deepEqual(
    answer.Datapoints!.map(({ Timestamp, Sum }) => [Timestamp, Sum]),
    [
      [at(1), 1],
      [at(4), 1],
    ],
  );
});

test('high resolution values are told by the second', async () => {
  for (const second of [0, 1, 12]) {
    const Timestamp = new Date(base + second * 1000);
    await put('Fine', { MetricName: 'N', Timestamp, Value: second, StorageResolution: 1 });
  }
  const answer = await statistics({ Namespace: 'Fine', MetricName: 'N', EndTime: at(1), Period: 10 });
  assert.deepEqual(
    answer.Datapoints!.map(({ Timestamp, Sum }) => [Timestamp!.getTime() - base, Sum]),
    [
      [0, 1],
      [10_000, 12],
    ],
  );
});

test('dimensions are part of what a metric is', async () => {
  const Dimensions = [{ Name: 'Host', Value: 'a' }];
  await put('Dimensions', { MetricName: 'N', Timestamp: at(0), Value: 1, Dimensions });
  const found = await statistics({ Namespace: 'Dimensions', MetricName: 'N', Dimensions });
  assert.equal(found.Datapoints!.length, 1);
  const without = await statistics({ Namespace: 'Dimensions', MetricName: 'N' });
  assert.deepEqual(without.Datapoints, []);
});

test('faults of GetMetricStatistics are told in the words of AWS', async () => {
  await assert.rejects(statistics({ StartTime: at(5), EndTime: at(5) }), {
    name: 'InvalidParameterValueException',
    message: 'The parameter StartTime must be less than the parameter EndTime.',
  });
  await assert.rejects(statistics({ Period: 61 }), {
    name: 'InvalidParameterValueException',
    message: 'The parameter Period must be a multiple of 60.',
  });
  await assert.rejects(statistics({ StartTime: new Date(base - 86_400_000), EndTime: at(0), Period: 1 }), {
    name: 'InvalidParameterCombinationException',
    message:
      'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
  });
  await statistics({ StartTime: new Date(base - 86_400_000), EndTime: at(0) });
  await assert.rejects(statistics({ Statistics: undefined }), { name: 'InvalidParameterCombinationException' });
  await assert.rejects(statistics({ Statistics: undefined, ExtendedStatistics: ['p101'] }), {
    name: 'InvalidParameterValueException',
  });
});
