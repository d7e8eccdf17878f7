import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialReason, type MetricAlarm, type StateValue } from './alarm.ts';
import { type Datapoint, evaluate } from './alarm-evaluation.ts';
import { stateReason, stateReasonData } from './alarm-reason.ts';

const minute = 60_000;
const start = Date.UTC(2023, 9, 26, 16, 42);

function alarmWith(changes: Partial<MetricAlarm> = {}): MetricAlarm {
  return {
    type: 'MetricAlarm',
    account: '000000000000',
    region: 'eu-west-1',
    name: 'cpu',
    id: 'id',
    actions: { enabled: true, ok: [], alarm: [], insufficientData: [] },
    configured: start,
    state: { value: 'INSUFFICIENT_DATA', reason: initialReason, updated: start, transitioned: start },
    metric: { namespace: 'n', metricName: 'm', dimensions: [], period: 60, statistic: 'Average', extended: false },
    evaluationPeriods: 1,
    threshold: 2,
    comparison: 'GreaterThanThreshold',
    ...changes,
  };
}

/** One value each minute from `start` on; undefined is missing. */
const series = (...values: (number | undefined)[]): Datapoint[] =>
  values.map((value, index) => ({
    time: start + index * minute,
    ...(value === undefined ? {} : { value, sampleCount: 2 }),
  }));

function reasonOf(alarm: MetricAlarm, state: StateValue, ...values: (number | undefined)[]): string {
  const { evaluationPeriods, threshold, comparison, datapointsToAlarm, treatMissingData } = alarm;
  const rule = { evaluationPeriods, threshold, comparison, datapointsToAlarm };
  const evaluation = evaluate(series(...values), { ...rule, missingData: treatMissingData ?? 'missing' });
  assert.equal(evaluation.state, state);
  return stateReason(alarm, state, evaluation);
}

test('one datapoint', () => {
  const text = (word: string) =>
    `Threshold Crossed: 1 datapoint [21.5 (26/10/23 16:42:00)] was ${word}the threshold (2.0).`;
  assert.equal(reasonOf(alarmWith(), 'ALARM', 21.5), text('greater than '));
  const low = alarmWith({ comparison: 'LessThanOrEqualToThreshold' });
  assert.equal(reasonOf(low, 'OK', 21.5), text('not less than or equal to '));
});

test('several datapoints, the newest first, and only the five newest of many', () => {
  assert.equal(
    reasonOf(alarmWith({ evaluationPeriods: 2 }), 'ALARM', 3, 4),
    'Threshold Crossed: 2 datapoints [4.0 (26/10/23 16:43:00), 3.0 (26/10/23 16:42:00)] were greater than the threshold (2.0).',
  );
  assert.equal(
    reasonOf(alarmWith({ evaluationPeriods: 6 }), 'ALARM', 3, 4, 5, 6, 7, 8),
    'Threshold Crossed: 6 datapoints were greater than the threshold (2.0). The most recent datapoints which crossed the threshold: [8.0 (26/10/23 16:47:00), 7.0 (26/10/23 16:46:00), 6.0 (26/10/23 16:45:00), 5.0 (26/10/23 16:44:00), 4.0 (26/10/23 16:43:00)].',
  );
});

test('some out of the last, when DatapointsToAlarm is given', () => {
  const alarm = alarmWith({ evaluationPeriods: 3, datapointsToAlarm: 2 });
  assert.equal(
    reasonOf(alarm, 'ALARM', 3, 1, 4),
    'Threshold Crossed: 2 out of the last 3 datapoints [4.0 (26/10/23 16:44:00), 3.0 (26/10/23 16:42:00)] were greater than the threshold (2.0) (minimum 2 datapoints for OK -> ALARM transition).',
  );
  assert.equal(
    reasonOf(alarm, 'OK', 0, 1, 4),
    'Threshold Crossed: 2 out of the last 3 datapoints [1.0 (26/10/23 16:43:00), 0.0 (26/10/23 16:42:00)] were not greater than the threshold (2.0) (minimum 2 datapoints for ALARM -> OK transition).',
  );
});

test('missing datapoints that were treated', () => {
  const breaching = alarmWith({ evaluationPeriods: 2, treatMissingData: 'breaching' });
  assert.equal(
    reasonOf(breaching, 'ALARM', undefined, undefined, undefined, undefined),
    'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
  );
  const good = alarmWith({ treatMissingData: 'notBreaching' });
  assert.equal(
    reasonOf(good, 'OK', undefined, undefined, undefined),
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  );
  assert.equal(
    reasonOf({ ...breaching, evaluationPeriods: 3 }, 'OK', undefined, 1, undefined),
    'Threshold Crossed: 1 datapoint [1.0 (26/10/23 16:43:00)] was not greater than the threshold (2.0) and 2 missing datapoints were treated as [Breaching].',
  );
  assert.equal(
    reasonOf({ ...breaching, evaluationPeriods: 3, datapointsToAlarm: 2 }, 'ALARM', undefined, 1, undefined),
    'Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].',
  );
  const some = alarmWith({ evaluationPeriods: 20, datapointsToAlarm: 1, treatMissingData: 'notBreaching' });
  assert.equal(
    reasonOf(some, 'ALARM', 613, ...Array.from<undefined>({ length: 21 })),
    'Threshold Crossed: 1 out of the last 20 datapoints [613.0 (26/10/23 16:42:00)] was greater than the threshold (2.0) and 19 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).',
  );
});

test('insufficient data', () => {
  const none = Array.from<undefined>({ length: 7 });
  const five = alarmWith({ evaluationPeriods: 5 });
  assert.equal(reasonOf(five, 'INSUFFICIENT_DATA', ...none), 'Insufficient Data: 5 datapoints were unknown.');
  assert.equal(reasonOf(alarmWith(), 'INSUFFICIENT_DATA', ...none), 'Insufficient Data: 1 datapoint was unknown.');
});

test('the data of a reason', () => {
  const alarm = alarmWith({ evaluationPeriods: 2, threshold: 10 });
  alarm.metric!.unit = 'Seconds';
  assert.equal(
    stateReasonData(alarm, series(11.5, 15).reverse(), start + 3 * minute + 271),
    '{"version":"1.0","queryDate":"2023-10-26T16:45:00.271+0000","startDate":"2023-10-26T16:42:00.000+0000","unit":"Seconds","statistic":"Average","period":60,"recentDatapoints":[11.5,15.0],"threshold":10.0,"evaluatedDatapoints":[{"timestamp":"2023-10-26T16:43:00.000+0000","sampleCount":2.0,"value":15.0},{"timestamp":"2023-10-26T16:42:00.000+0000","sampleCount":2.0,"value":11.5}]}',
  );
  assert.equal(
    stateReasonData(alarmWith(), series(undefined), start + minute),
    '{"version":"1.0","queryDate":"2023-10-26T16:43:00.000+0000","statistic":"Average","period":60,"recentDatapoints":[],"threshold":2.0,"evaluatedDatapoints":[{"timestamp":"2023-10-26T16:42:00.000+0000"}]}',
  );
});

test('the data of a reason stays within its limit, with the newest datapoints', () => {
  const many = series(...Array.from({ length: 1440 }, (_, index) => index + 0.123456789)).reverse();
  const data = stateReasonData(alarmWith({ evaluationPeriods: 1440 }), many, start);
  assert.ok(data.length <= 4000);
  const { recentDatapoints, evaluatedDatapoints } = JSON.parse(data);
  assert.equal(recentDatapoints.at(-1), many[0]!.value);
  assert.equal(evaluatedDatapoints[0].value, many[0]!.value);
});
