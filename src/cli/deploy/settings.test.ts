// Settings are read from flags and compared with a function's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differingSettings, readPairs, readSettings } from './settings.ts';

const current = { MemorySize: 128, Description: '', Environment: { Variables: { STAGE: 'test', LEVEL: 'info' } } };

test('what is no number or no pair is refused', () => {
  for (const memory of ['0', '-1', '1.5', '1GB', '']) {
    assert.throws(() => readSettings({ memory }, null), /--memory: .* is not a whole number above zero/);
  }
  assert.throws(() => readPairs('--env', ['=x']), /--env: "=x" is not KEY=VALUE/);
  assert.throws(() => readPairs('--tags', ['x']), /--tags: "x" is not KEY=VALUE/);
});

test('what was not given is left alone', () => {
  assert.deepEqual(readSettings({}, current), {});
});

test('variables that are not named stay, and a value may hold equals signs', () => {
  const { Environment } = readSettings({ env: ['LEVEL=a=b'], unsetEnv: ['STAGE'] }, current);
  assert.deepEqual(Environment, { Variables: { LEVEL: 'a=b' } });
  assert.deepEqual(readSettings({ env: ['NEW_ONE='] }, current).Environment?.Variables, {
    STAGE: 'test',
    LEVEL: 'info',
    NEW_ONE: '',
  });
});

test('only differences are sent; the order of variables is none', () => {
  const same = { MemorySize: 128, Description: '', Environment: { Variables: { LEVEL: 'info', STAGE: 'test' } } };
  assert.deepEqual(differingSettings(same, current), {});
  assert.deepEqual(differingSettings({ ...same, MemorySize: 256 }, current), { MemorySize: 256 });
});
