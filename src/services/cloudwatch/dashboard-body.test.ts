import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDashboardBody } from './dashboard-body.ts';

const metric = (properties: object) => ({ type: 'metric', properties: { region: 'eu-west-1', ...properties } });

/** What a body is refused for, as path and message. */
function errorsOf(...widgets: unknown[]): [string, string][] {
  try {
    checkDashboardBody(JSON.stringify({ widgets }));
    return [];
  } catch (error) {
    const { members } = error as { members: { dashboardValidationMessages: { DataPath: string; Message: string }[] } };
    return members.dashboardValidationMessages.map(({ DataPath, Message }) => [DataPath, Message]);
  }
}

test('widgets of every kind are taken in', () => {
  const rows = [
    ['AWS/Lambda', 'Errors', 'FunctionName', 'a', { stat: 'Sum' }],
    ['.', 'Invocations', '.', 'b'],
    ['...', 'c'],
    [{ expression: 'm1 + m2' }],
  ];
  assert.deepEqual(errorsOf(metric({ metrics: rows, period: 300 }), metric({ annotations: {} })), []);
  assert.deepEqual(errorsOf({ type: 'custom', properties: {} }, { type: 'alarm', properties: { alarms: [] } }), []);
});

test('each error is told with its place', () => {
  assert.deepEqual(errorsOf(1, { type: 'text' }), [
    ['/widgets/0', 'Should be object'],
    ['/widgets/1', "Should have required property 'properties'"],
  ]);
  assert.deepEqual(errorsOf({ ...metric({ metrics: [] }), x: -1, width: 25, height: 1001, y: 0.5 }), [
    ['/widgets/0/x', 'Should be >= 0'],
    ['/widgets/0/y', 'Should be integer'],
    ['/widgets/0/width', 'Should be <= 24'],
    ['/widgets/0/height', 'Should be <= 1000'],
  ]);
  assert.deepEqual(errorsOf({ type: 'metric', properties: {} }), [
    [
      '/widgets/0/properties',
      'The metric widget should have specified a region and a data source or an alarm annotation',
    ],
  ]);
  assert.deepEqual(errorsOf(metric({ metrics: [['a', 'b', { stat: 'Sum' }, 'c'], 1], period: 45 })), [
    ['/widgets/0/properties/period', 'Should be multiple of 60'],
    ['/widgets/0/properties/metrics/0/2', 'Invalid metric field type, only "String" type is allowed'],
    ['/widgets/0/properties/metrics/1', 'Should be array'],
  ]);
  assert.deepEqual(
    errorsOf(
      metric({
        metrics: [
          ['a', 'b'],
          ['.', '.', '.', 'x'],
        ],
      }),
    ),
    [['/widgets/0/properties/metrics/1/2', 'Repeat marker "." used but not enough fields in previous metric']],
  );
});

test('a body that is no JSON object, or has no widgets, is none', () => {
  const refused = (text: string, message: RegExp) => assert.throws(() => checkDashboardBody(text), { message });
  for (const text of ['', '{', '[]', '1', 'null', '['.repeat(100_000)]) refused(text, /must be a valid JSON object/);
  refused('{}', /there is 1 validation error:.*Should have required property 'widgets'/s);
  refused('{"widgets":{}}', /Should be array/);
});

test('what is not expected is warned of', () => {
  assert.deepEqual(checkDashboardBody('{"widgets":[],"colour":"red","start":"-PT6H"}'), [
    { dataPath: '', message: 'The "colour" property is not expected, will be ignored' },
  ]);
});
