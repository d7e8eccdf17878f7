import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cbor } from '@smithy/core/cbor';
import { loadContract } from '../contracts/index.ts';
import { writeCbor } from './cbor-writer.ts';

const outputOf = (operation: string) => loadContract('cloudwatch').operations.get(operation)!.output;
const write = (operation: string, value: object) => writeCbor(outputOf(operation), value);

test('a whole number is written as a double where the model has a double, and as an integer elsewhere', () => {
  const bytes = write('DescribeAlarms', { MetricAlarms: [{ Threshold: 2, EvaluationPeriods: 2 }] });
  assert.equal(
    bytes.toString('latin1').includes('\x69Threshold\xfb\x40\x00\x00\x00\x00\x00\x00\x00'),
    true,
    bytes.toString('hex'),
  );
  assert.equal(bytes.toString('latin1').includes('\x71EvaluationPeriods\x02'), true, bytes.toString('hex'));
});

test('what is written reads back by the SDK: structures, lists, text of every length, dates, numbers of every size', () => {
  const Values = [0, -0, 1.5, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_296, -1, -1000, 1e300];
  const Label = 'ß'.repeat(40_000);
  const Timestamps = Values.map((_, index) => new Date(1_700_000_000_000 + index * 250));
  const value = { MetricDataResults: [{ Id: 'a', Label, Values, Timestamps, StatusCode: 'Complete' }], Messages: [] };
  const read = cbor.deserialize(write('GetMetricData', value));
  const [result] = read.MetricDataResults;
  assert.deepEqual(result.Values, Values);
  assert.equal(result.Label, Label);
  assert.deepEqual(
    result.Timestamps.map((tagged: { value: number }) => tagged.value * 1000),
    Timestamps.map(Number),
  );
  assert.deepEqual(read.Messages, []);
});

test('absent members are left out, and what a list holds is kept', () => {
  const read = cbor.deserialize(write('DescribeAlarms', { NextToken: undefined, MetricAlarms: [null, {}] }));
  assert.deepEqual(read, { MetricAlarms: [{}] });
});
