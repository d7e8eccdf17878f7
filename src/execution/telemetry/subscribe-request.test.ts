// What a subscription may ask for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSubscribe } from './subscribe-request.ts';

const valid = {
  schemaVersion: '2022-07-01',
  types: ['platform', 'function'],
  destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080' },
};

test('what is left out has the default of AWS', () => {
  assert.deepEqual(parseSubscribe('telemetry', valid), {
    api: 'telemetry',
    schemaVersion: '2022-07-01',
    types: ['platform', 'function'],
    buffering: { maxItems: 10_000, maxBytes: 262_144, timeoutMs: 1_000 },
    destination: { protocol: 'HTTP', port: 8080, path: '/', host: 'sandbox.localdomain:8080', method: 'POST' },
  });
  const logs = parseSubscribe('logs', { ...valid, schemaVersion: undefined });
  assert.ok(!('problems' in logs) && logs.schemaVersion === '2020-08-15');
});

test('each limit holds at its edge and not one beyond', () => {
  const limits = { maxItems: [1_000, 10_000], maxBytes: [262_144, 1_048_576], timeoutMs: [25, 30_000] } as const;
  for (const [name, [least, most]] of Object.entries(limits)) {
    const of = (value: number) => parseSubscribe('telemetry', { ...valid, buffering: { [name]: value } });
    for (const value of [least, most]) assert.ok(!('problems' in of(value)), `${name} ${value}`);
    for (const value of [least - 1, most + 1, least + 0.5]) {
      assert.deepEqual(of(value), { problems: [`buffering.${name} should be between ${least} and ${most}`] });
    }
  }
});

test('all that is wrong is told at once', () => {
  const destination = { protocol: 'HTTP', URI: 'http://sandbox.localdomain' };
  assert.deepEqual(parseSubscribe('telemetry', { ...valid, types: [], destination }), {
    problems: ['URI port is not provided', 'types should not be empty'],
  });
  assert.deepEqual(parseSubscribe('telemetry', null), { problems: ['body is not a JSON object'] });
  assert.deepEqual(parseSubscribe('telemetry', { ...valid, destination: { protocol: 'TCP' } }), {
    problems: ['port is not provided'],
  });
});
