import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from '../contracts/index.ts';
import { doubleText, withDoubles } from './doubles.ts';
import { writeJson } from './json-writer.ts';
import { writeXml } from './xml-writer.ts';

const outputOf = (service: 'cloudwatch' | 'lambda' | 'logs', operation: string) =>
  loadContract(service).operations.get(operation)!.output;

test('JSON shows whole doubles with a fraction, in structures, lists and maps, and integers without', () => {
  assert.equal(
    writeJson(outputOf('cloudwatch', 'DescribeAlarms'), {
      MetricAlarms: [{ EvaluationPeriods: 2, Threshold: 2 }, { Threshold: 2.5 }, { Threshold: -0 }],
    }).toString(),
    '{"MetricAlarms":[{"EvaluationPeriods":2,"Threshold":2.0},{"Threshold":2.5},{"Threshold":0.0}]}',
  );
  assert.equal(
    writeJson(outputOf('cloudwatch', 'GetMetricData'), { MetricDataResults: [{ Values: [1, 0.5, 1e21] }] }).toString(),
    '{"MetricDataResults":[{"Values":[1.0,0.5,1e+21]}]}',
  );
  assert.equal(
    writeJson(outputOf('lambda', 'GetAlias'), { RoutingConfig: { AdditionalVersionWeights: { 1: 1 } } }).toString(),
    '{"RoutingConfig":{"AdditionalVersionWeights":{"1":1.0}}}',
  );
});

test('XML shows them so too', () => {
  const xml = writeXml(outputOf('cloudwatch', 'GetMetricStatistics'), { Datapoints: [{ Sum: 42 }] }, undefined);
  assert.match(xml, /<Sum>42\.0<\/Sum>/);
});

test('a value whose schema holds no double is not copied', () => {
  const value = { logGroups: [{ storedBytes: 2 }] };
  assert.equal(withDoubles(outputOf('logs', 'DescribeLogGroups'), value, doubleText), value);
});
