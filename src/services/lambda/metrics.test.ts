import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FinishedInvocation } from '../../execution/index.ts';
import type { MetricSink } from '../../core/metric-sink.ts';
import { LambdaMetrics } from './metrics.ts';

const account = '123456789012';
const region = 'eu-west-1';
const functionArn = `arn:aws:lambda:${region}:${account}:function:f`;

/** Writes down `Name/Dimension=value,… value unit`. */
function recording() {
  const lines: string[] = [];
  const sink: MetricSink = {
    add(ofAccount, ofRegion, namespace, name, dimensions, unit, value, epochMs) {
      assert.deepEqual([ofAccount, ofRegion, namespace, epochMs], [account, region, 'AWS/Lambda', 7]);
      lines.push(`${name}/${dimensions.map((each) => each.join('=')).join(',')} ${value} ${unit}`);
    },
  };
  return { lines, metrics: new LambdaMetrics(sink) };
}

const finished = (qualifier: string | undefined, changes: Partial<FinishedInvocation>): FinishedInvocation =>
  ({
    invocation: {
      target: { account, region, functionName: 'f', functionArn, version: '3' },
      invokedArn: qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`,
      concurrency: { unreserved: 900, claimed: 100, provisioned: { qualifier: 'live' } },
    },
    outcome: { kind: 'success', usage: { durationMs: 1.23456 } },
    submittedAt: 7,
    provisioned: undefined,
    concurrent: undefined,
    ...changes,
  }) as FinishedInvocation;

test('dimensions name the function as it was called, and the version only where an alias chose it', () => {
  const resources = (qualifier: string | undefined) => {
    const { lines, metrics } = recording();
    metrics.invocationFinished(finished(qualifier, {}));
    return lines.filter((line) => line.startsWith('Duration/')).map((line) => line.slice('Duration/'.length));
  };
  const wide = [' 1.23 Milliseconds', 'FunctionName=f 1.23 Milliseconds'];
  assert.deepEqual(resources(undefined), [...wide, 'FunctionName=f,Resource=f 1.23 Milliseconds']);
  assert.deepEqual(resources('3'), [...wide, 'FunctionName=f,Resource=f:3 1.23 Milliseconds']);
  assert.deepEqual(resources('$LATEST'), [...wide, 'FunctionName=f,Resource=f:$LATEST 1.23 Milliseconds']);
  assert.deepEqual(resources('live'), [
    ...wide,
    'FunctionName=f,Resource=f:live 1.23 Milliseconds',
    'FunctionName=f,Resource=f:live,ExecutedVersion=3 1.23 Milliseconds',
  ]);
});

test('an invocation that spilled over counts as that, beside all else that it counts as', () => {
  const { lines, metrics } = recording();
  metrics.invocationFinished(finished('live', { provisioned: 'spilled' }));
  const spilled = lines.filter((line) => line.startsWith('ProvisionedConcurrencySpilloverInvocations/'));
  assert.equal(spilled.length, 4);
  assert.equal(lines.filter((line) => line.startsWith('Invocations/')).length, 4);
});

test('gauges tell what ran beside an invocation, and what was claimed', () => {
  const { lines, metrics } = recording();
  const provisioned = { inUse: 1, allocated: 4 };
  metrics.invocationFinished(
    finished('live', { concurrent: { ofQualifier: 1, ofFunction: 2, ofAccount: 5, unreserved: 3, provisioned } }),
  );
  const gauges = lines.filter((line) => !/^(Invocations|Errors|Throttles|Duration)\//.test(line));
  assert.deepEqual(gauges, [
    'ConcurrentExecutions/ 5 Count',
    'ConcurrentExecutions/FunctionName=f 2 Count',
    'ConcurrentExecutions/FunctionName=f,Resource=f:live 1 Count',
    'UnreservedConcurrentExecutions/ 3 Count',
    'ClaimedAccountConcurrency/ 103 Count',
    'ProvisionedConcurrentExecutions/FunctionName=f 1 Count',
    'ProvisionedConcurrentExecutions/FunctionName=f,Resource=f:live 1 Count',
    'ProvisionedConcurrencyUtilization/FunctionName=f,Resource=f:live 0.25 Count',
  ]);
});

test('a sample tells what runs at a moment, and what is kept ready though nothing runs', () => {
  const { lines, metrics } = recording();
  const functions = [{ functionName: 'g', running: 2 }];
  const kept = { account, region, functionName: 'f', qualifier: 'live', allocated: 2, inUse: 0, kept: [] };
  metrics.sample({ running: [{ account, region, running: 2, unreserved: 1, functions }], provisioned: [kept] }, 7);
  assert.deepEqual(lines, [
    'ConcurrentExecutions/ 2 Count',
    'UnreservedConcurrentExecutions/ 1 Count',
    'ConcurrentExecutions/FunctionName=g 2 Count',
    'ProvisionedConcurrentExecutions/FunctionName=f 0 Count',
    'ProvisionedConcurrentExecutions/FunctionName=f,Resource=f:live 0 Count',
    'ProvisionedConcurrencyUtilization/FunctionName=f,Resource=f:live 0 Count',
  ]);
});

test('asynchronous events are measured by function and resource, their age in milliseconds', () => {
  const { lines, metrics } = recording();
  const measured = { account, region, functionName: 'f' };
  metrics.asynchronous(measured, 'AsyncEventsReceived', 1, 7);
  metrics.asynchronous({ ...measured, qualifier: 'live' }, 'AsyncEventAge', 250, 7);
  assert.deepEqual(lines, [
    'AsyncEventsReceived/ 1 Count',
    'AsyncEventsReceived/FunctionName=f 1 Count',
    'AsyncEventsReceived/FunctionName=f,Resource=f 1 Count',
    'AsyncEventAge/ 250 Milliseconds',
    'AsyncEventAge/FunctionName=f 250 Milliseconds',
    'AsyncEventAge/FunctionName=f,Resource=f:live 250 Milliseconds',
  ]);
});

test('event source mappings are measured by their UUID alone', () => {
  const { lines, metrics } = recording();
  metrics.mapping(account, region, 'a-b', 'PolledEventCount', 10, 7);
  assert.deepEqual(lines, ['PolledEventCount/EventSourceMappingUUID=a-b 10 Count']);
});
