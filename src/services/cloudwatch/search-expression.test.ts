import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dimensionsKey } from './metric.ts';
import { parseSearch } from './search-expression.ts';

const metrics = [
  ['AWS/Lambda', 'Errors', [['FunctionName', 'orders-api']]],
  ['AWS/Lambda', 'Invocations', [['FunctionName', 'orders-api']]],
  ['AWS/Lambda', 'Invocations', [['FunctionName', 'billing']]],
  ['AWS/Lambda', 'Invocations', []],
  ['AWS/SQS', 'NumberOfMessagesSent', [['QueueName', 'orders']]],
  ['My Space', 'Page Views', [['Page Name', 'home']]],
] as const;

function found(query: string): number[] {
  const search = parseSearch(query);
  return metrics.flatMap(([namespace, name, dimensions], index) =>
    search.matches({ namespace, name, dimensionsKey: dimensionsKey(dimensions) }) ? [index] : [],
  );
}

test('a search finds metrics by schema, words, quoted text and properties', () => {
  const cases: Record<string, number[]> = {
    '{AWS/Lambda,FunctionName}': [0, 1, 2],
    '{AWS/Lambda, FunctionName} Invocations': [1, 2],
    '{AWS/Lambda}': [3],
    '{"My Space","Page Name"} views': [5],
    'MetricName="Invocations"': [1, 2, 3],
    'Namespace="AWS/SQS" messages': [4],
    orders: [0, 1, 4],
    '"orders"': [4],
    'FunctionName=orders': [0, 1],
    '{AWS/Lambda,FunctionName} (Errors OR billing)': [0, 2],
    '{AWS/Lambda,FunctionName} NOT Errors': [1, 2],
    '{AWS/Lambda,FunctionName} Invocations AND NOT billing': [1],
    'MetricName=("Errors" OR "Page Views")': [0, 5],
    'MetricName="Errors" OR MetricName="Page Views"': [0, 5],
    'nothing such': [],
  };
  for (const [query, expected] of Object.entries(cases)) assert.deepEqual(found(query), expected, query);
});

test('what stands by itself narrows what the store is asked for, what stands beside OR does not', () => {
  assert.equal(parseSearch('{AWS/Lambda,FunctionName} MetricName="Errors"').name, 'Errors');
  assert.equal(parseSearch('{AWS/Lambda,FunctionName} MetricName="Errors"').namespace, 'AWS/Lambda');
  assert.equal(parseSearch('MetricName="Errors" OR MetricName="Page Views"').name, undefined);
  assert.equal(parseSearch('NOT MetricName="Errors"').name, undefined);
});

test('what is no search expression is refused', () => {
  for (const query of ['(a', 'a)', 'a OR', 'MetricName=', 'NOT', '"open'])
    assert.throws(() => parseSearch(query), { name: 'ExpressionError' }, query);
});
