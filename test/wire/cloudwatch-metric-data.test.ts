// GetMetricData over the wire: queries, metric math, Metrics Insights, labels, pages, and what is wrong with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { at, client, data, put, stat } from './cloudwatch-server.ts';

test('a Metrics Insights query selects, groups, orders and limits series', async () => {
  const named = (Host: string, Zone?: string) => [
    { Name: 'Host', Value: Host },
    ...(Zone === undefined ? [] : [{ Name: 'Zone', Value: Zone }]),
  ];
  const datum = (Value: number, Dimensions: cloudwatch.Dimension[], minute = 1) => ({
    MetricName: 'Load',
    Timestamp: at(minute),
    Value,
    Dimensions,
  });
  await put(
    'Insights/App',
    datum(1, named('a', 'x')),
    datum(3, named('b', 'x')),
    datum(8, named('c', 'y')),
    datum(6, named('c', 'y'), 2),
    datum(100, named('d')),
  );
  const select = async (Expression: string) => {
    const { MetricDataResults } = await client.send(
      new cloudwatch.GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'q1', Expression, Period: 60 }],
        StartTime: at(0),
        EndTime: at(5),
        ScanBy: 'TimestampAscending',
      }),
    );
    return MetricDataResults!.map(({ Id, Label, Values }) => [Id, Label, Values]);
  };
  assert.deepEqual(await select('SELECT SUM(Load) FROM "Insights/App"'), [['q1', 'q1', [112, 6]]]);
  assert.deepEqual(await select('SELECT AVG(Load) FROM SCHEMA("Insights/App", Host, Zone) GROUP BY Zone'), [
    ['q1', 'x', [2]],
    ['q1', 'y', [8, 6]],
  ]);
  assert.deepEqual(await select('SELECT MAX(Load) FROM "Insights/App" GROUP BY Zone ORDER BY MAX() DESC LIMIT 2'), [
    ['q1', 'Other', [100]],
    ['q1', 'y', [8, 6]],
  ]);
  assert.deepEqual(await select(`SELECT COUNT(Load) FROM "Insights/App" WHERE Zone = 'x' AND Host != 'a'`), [
    ['q1', 'q1', [1]],
  ]);
  assert.deepEqual(await select('SELECT MIN(Load) FROM SCHEMA("Insights/App")'), [['q1', 'q1', []]]);
});

test('metric math goes over several metrics', async () => {
  for (const [minute, errors, invocations] of [
    [0, 1, 10],
    [1, 0, 20],
    [3, 3, 4],
  ] as const) {
    await put(
      'Math',
      { MetricName: 'Errors', Value: errors, Timestamp: at(minute) },
      { MetricName: 'Invocations', Value: invocations, Timestamp: at(minute) },
    );
  }
  const answer = await data([
    { Id: 'errors', MetricStat: stat('Math', 'Errors'), ReturnData: false },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a dynamic label
    { Id: 'calls', MetricStat: stat('Math', 'Invocations'), Label: "calls ${SUM} in ${PROP('Namespace')}" },
    { Id: 'rate', Expression: '100 * errors / calls', Label: 'rate' },
    { Id: 'filled', Expression: 'FILL(calls, 0)' },
    { Id: 'total', Expression: 'SUM(METRICS())' },
    { Id: 'found', Expression: "SEARCH('{Math} MetricName=\"Errors\"', 'Sum', 60)" },
  ]);
  assert.deepEqual(answer.Messages, []);
  assert.deepEqual(
    answer.MetricDataResults!.map(({ Id, Label, Values, StatusCode }) => [Id, Label, Values, StatusCode]),
    [
      ['calls', 'calls 34 in Math', [10, 20, 4], 'Complete'],
      ['rate', 'rate', [10, 0, 75], 'Complete'],
      ['filled', 'filled', [10, 20, 0, 4, 0, 0, 0, 0, 0, 0], 'Complete'],
      ['total', 'total', [11, 20, 7], 'Complete'],
      ['found', 'Errors', [1, 0, 3], 'Complete'],
    ],
  );
  assert.deepEqual(answer.MetricDataResults![1]!.Timestamps, [at(0), at(1), at(3)]);
});

test('newest datapoints come first unless asked otherwise, and pages hold as many as asked for', async () => {
  for (let minute = 0; minute < 5; minute++)
    await put('Pages', { MetricName: 'N', Value: minute, Timestamp: at(minute) });
  const queries = [
    { Id: 'a', MetricStat: stat('Pages', 'N') },
    { Id: 'b', Expression: 'a * 10' },
  ];
  const whole = await data(queries, { ScanBy: undefined });
  assert.deepEqual(
    whole.MetricDataResults!.map(({ Values }) => Values),
    [
      [4, 3, 2, 1, 0],
      [40, 30, 20, 10, 0],
    ],
  );
  const seen: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const page = await data(queries, { MaxDatapoints: 4, NextToken });
    seen.push(page.MetricDataResults!.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(seen, [
    [
      ['a', [0, 1, 2, 3], 'PartialData'],
      ['b', [], 'PartialData'],
    ],
    [
      ['a', [4], 'Complete'],
      ['b', [0, 10, 20], 'PartialData'],
    ],
    [['b', [30, 40], 'Complete']],
  ]);
  await assert.rejects(data(queries, { NextToken: 'nonsense' }), { name: 'InvalidNextToken' });
});

test('labels tell what differs among the metrics of a request', async () => {
  const labels = async (...stats: [string, number][]) => {
    const answer = await data(
      stats.map(([name, period], index) => ({ Id: `q${index}`, MetricStat: stat('Labels', 'metric1', name, period) })),
    );
    return answer.MetricDataResults!.map(({ Label }) => Label);
  };
  assert.deepEqual(await labels(['Sum', 60]), ['metric1']);
  assert.deepEqual(await labels(['Sum', 60], ['Minimum', 60]), ['metric1 Sum', 'metric1 Minimum']);
  assert.deepEqual(await labels(['Sum', 60], ['Sum', 30]), ['metric1 60', 'metric1 30']);
  assert.deepEqual(await labels(['Sum', 60], ['Minimum', 30]), ['metric1 Sum 60', 'metric1 Minimum 30']);
});

test('values of several units are told of one of them, with a message', async () => {
  await put(
    'Units',
    { MetricName: 'N', Value: 60_000, Unit: 'Milliseconds', Timestamp: at(0) },
    { MetricName: 'N', Value: 60, Unit: 'Seconds', Timestamp: at(0) },
  );
  const { MetricDataResults } = await data([{ Id: 'm1', MetricStat: stat('Units', 'N') }]);
  assert.deepEqual(MetricDataResults![0]!.Values, [60_000]);
  assert.deepEqual(MetricDataResults![0]!.Messages, [
    { Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'" },
  ]);
});

test('faults of queries name the query', async () => {
  const metric = stat('Faults', 'N');
  const cases: [cloudwatch.MetricDataQuery[], RegExp][] = [
    [[{ Id: 'Upper', MetricStat: metric }], /MetricDataQueries\.member\.1\.Id is not matching the expected pattern/],
    [
      [
        { Id: 'a', MetricStat: metric },
        { Id: 'a', MetricStat: metric },
      ],
      /^The values for parameter id in MetricDataQueries are not unique\.$/,
    ],
    [[{ Id: 'a' }], /^The parameter MetricDataQueries\.member\.1\.MetricStat is required\.\n$/],
    [[{ Id: 'a', MetricStat: metric, Expression: '1' }], /are mutually exclusive and you have specified both\.$/],
    [
      [{ Id: 'a', MetricStat: metric, Period: 60 }],
      /MetricDataQueries\.member\.1\.Period and MetricDataQueries\.member\.1\.MetricStat are mutually exclusive/,
    ],
    [[{ Id: 'a', Expression: 'SUM(' }], /^Error in expression 'a': Invalid syntax$/],
    [[{ Id: 'a', Expression: '1 + 1' }], /^Error in expression 'a': /],
    [
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      /refers to itself/,
    ],
    [[{ Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(a1)' }], /ANOMALY_DETECTION_BAND is not supported/],
    [[{ Id: 'a', Expression: 'SELECT P99(x) FROM "AWS/EC2"' }], /^Error in expression 'a': The Metrics Insights query/],
  ];
  for (const [queries, message] of cases)
    await assert.rejects(data(queries), { name: /^Validation(Error|Exception)$/, message });
  await assert.rejects(data([{ Id: 'a', MetricStat: metric }], { StartTime: at(2), EndTime: at(1) }), {
    message: 'The parameter EndTime must be greater than StartTime.',
  });
});
