import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissingData, StateValue } from './alarm.ts';
import { type Datapoint, type EvaluationRule, evaluate, fewestSamplesOf, isBreaching } from './alarm-evaluation.ts';

/** Datapoints as AWS's tables write them: 0 is good, X breaches, - is missing; the newest is the last. */
function range(marks: string): Datapoint[] {
  const values: Record<string, number | undefined> = { '0': 0, X: 10, '-': undefined };
  return marks.split(' ').map((mark, index) => {
    const value = values[mark];
    return { time: index * 60_000, ...(value === undefined ? {} : { value, sampleCount: 1 }) };
  });
}

const rule = (changes: Partial<EvaluationRule> = {}): EvaluationRule => ({
  comparison: 'GreaterThanThreshold',
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  missingData: 'missing',
  ...changes,
});

type Row = [marks: string, filled: number, missing: StateValue, ignore: StateValue | undefined, ...rest: StateValue[]];

const treatments: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

function check(rows: Row[], datapointsToAlarm: number): void {
  for (const [marks, filled, ...expected] of rows) {
    const results = treatments.map((missingData) => evaluate(range(marks), rule({ missingData, datapointsToAlarm })));
    assert.deepEqual(
      results.map(({ state }) => state),
      expected,
      marks,
    );
    assert.deepEqual(new Set(results.map((each) => each.filled)), new Set([filled]), marks);
  }
}

test("three of three datapoints: AWS's table of missing data", () => {
  check(
    [
      ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', 3, 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
      ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - X - -', 2, 'ALARM', undefined, 'ALARM', 'OK'],
    ],
    3,
  );
});

test("two of three datapoints: AWS's table of missing data", () => {
  check(
    [
      ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - X -', 2, 'ALARM', undefined, 'ALARM', 'OK'],
    ],
    2,
  );
});

test('a single breach that the next datapoint may still contradict raises no alarm', () => {
  check(
    [
      ['- - - - X', 2, 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
      ['- - - X -', 2, 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
    ],
    3,
  );
});

test('only the newest datapoints count when none is missing', () => {
  assert.equal(evaluate(range('X X 0 0 0'), rule()).state, 'OK');
  assert.equal(evaluate(range('0 0 X X X'), rule()).state, 'ALARM');
  assert.equal(evaluate(range('0 0 X X 0'), rule({ datapointsToAlarm: undefined })).state, 'OK');
});

test('what was evaluated is told from the newest on, the fewest missing datapoints among it', () => {
  const { evaluated, filled } = evaluate(range('0 - X - -'), rule());
  assert.deepEqual(
    evaluated.map(({ time, value }) => [time / 60_000, value]),
    [
      [4, undefined],
      [2, 10],
      [0, 0],
    ],
  );
  assert.equal(filled, 1);
});

test('a percentile of too few samples leaves the state as it is', () => {
  const few = rule({ evaluationPeriods: 1, datapointsToAlarm: 1, fewestSamples: 2 });
  assert.equal(evaluate(range('- - X'), few).state, undefined);
  assert.equal(evaluate(range('- - X'), { ...few, fewestSamples: 1 }).state, 'ALARM');
});

test('how many samples a percentile takes', () => {
  assert.equal(Math.round(fewestSamplesOf('p99')!), 1000);
  assert.equal(fewestSamplesOf('p50'), 20);
  assert.equal(fewestSamplesOf('p10'), 100);
  assert.equal(fewestSamplesOf('Average'), undefined);
  assert.equal(fewestSamplesOf('tm90'), undefined);
});

test('comparisons at the threshold', () => {
  assert.equal(isBreaching(5, 'GreaterThanOrEqualToThreshold', 5), true);
  assert.equal(isBreaching(5, 'GreaterThanThreshold', 5), false);
  assert.equal(isBreaching(5, 'LessThanThreshold', 5), false);
  assert.equal(isBreaching(5, 'LessThanOrEqualToThreshold', 5), true);
});
