import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderingNumber, parseInsightsQuery } from './metrics-insights.ts';

const dimensions = (entries: Record<string, string>) => new Map(Object.entries(entries));

test('every clause is read, keywords in any case, names quoted or bare', () => {
  const query = parseInsightsQuery(
    `select max("my metric") from schema("AWS/Lambda", FunctionName, "a b")
     where FunctionName != 'x\\'y' and "a b" = '1' group by FunctionName, "a b" order by avg() desc limit 5`,
  );
  const { matches, ...others } = query;
  assert.deepEqual(others, {
    statistic: 'Maximum',
    name: 'my metric',
    namespace: 'AWS/Lambda',
    groupBy: ['FunctionName', 'a b'],
    orderBy: { statistic: 'Average', descending: true },
    limit: 5,
  });
  assert.equal(matches(dimensions({ FunctionName: 'f', 'a b': '1' })), true);
  assert.equal(matches(dimensions({ FunctionName: "x'y", 'a b': '1' })), false);
  assert.equal(matches(dimensions({ FunctionName: 'f', 'a b': '1', more: '2' })), false);
});

test('without a schema all metrics of the namespace match; a schema without names, those without dimensions', () => {
  const all = parseInsightsQuery('SELECT SUM(Errors) FROM App');
  assert.equal(all.matches(dimensions({ a: 'b' })), true);
  assert.equal(all.limit, 500);
  const bare = parseInsightsQuery('SELECT SUM(Errors) FROM SCHEMA(App)');
  assert.deepEqual([bare.matches(dimensions({})), bare.matches(dimensions({ a: 'b' }))], [true, false]);
});

for (const text of [
  'SELECT',
  'SELECT P99(Errors) FROM App',
  'SELECT SUM(Errors) App',
  'SELECT SUM(Errors) FROM App WHERE a = b',
  "SELECT SUM(Errors) FROM App WHERE a > 'b'",
  'SELECT SUM(Errors) FROM App LIMIT 0',
  'SELECT SUM(Errors) FROM App LIMIT 501',
  'SELECT SUM(Errors) FROM App GROUP a',
  'SELECT SUM(Errors) FROM App ; DROP',
]) {
  test(`${text} is refused`, () => {
    assert.throws(() => parseInsightsQuery(text), /Metrics Insights query/);
  });
}

test('series are ordered by a number of each', () => {
  assert.deepEqual(
    (['Average', 'SampleCount', 'Maximum', 'Minimum', 'Sum'] as const).map((each) => orderingNumber(each, [1, 5])),
    [3, 2, 5, 1, 6],
  );
});
