// The states of event source mappings, also those that a crash has left on their way.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqlite } from '../../storage/index.ts';
import { type BackgroundParts, settleMapping } from './background.ts';
import { changingState, checkSettled, type MappingState } from './event-source-mapping.ts';
import { type MappingRecord, openFunctionStore } from './store/index.ts';

const record = (state: MappingState, enabled: boolean): MappingRecord => ({
  kind: 'sqs',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:fn',
  settings: { EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:q' },
  state,
  enabled,
  lastModified: 0,
  tags: {},
});

test('what is on its way can be neither updated nor deleted', () => {
  for (const state of ['Creating', 'Enabling', 'Disabling', 'Updating', 'Deleting'] as const) {
    for (const verb of ['update', 'delete'] as const) {
      assert.throws(() => checkSettled(record(state, true), verb), {
        code: 'ResourceInUseException',
        message: `Cannot ${verb} the event source mapping because it is in use.`,
      });
    }
  }
  checkSettled(record('Enabled', true), 'update');
  checkSettled(record('Disabled', false), 'delete');
});

test('a change leads through the state that says what it does', () => {
  assert.deepEqual(
    [changingState(true, true), changingState(false, false), changingState(true, false), changingState(false, true)],
    ['Updating', 'Updating', 'Disabling', 'Enabling'],
  );
});

test('after a crash every mapping comes to where it was on its way to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-test-mappings-'));
  const database = openSqlite(join(folder, 'rows.sqlite'), { durability: 'normal' });
  try {
    const store = await openFunctionStore(database);
    const key = { account: '123456789012', region: 'eu-west-1' };
    const left: [MappingState, boolean, string | undefined][] = [
      ['Creating', true, 'Enabled'],
      ['Creating', false, 'Disabled'],
      ['Enabling', true, 'Enabled'],
      ['Disabling', false, 'Disabled'],
      ['Updating', true, 'Enabled'],
      ['Updating', false, 'Disabled'],
      ['Deleting', true, undefined],
      ['Enabled', true, 'Enabled'],
      ['Disabled', false, 'Disabled'],
    ];
    await store.change(async ({ mappings }) => {
      for (const [index, [state, enabled]] of left.entries()) {
        await mappings.put({ ...key, uuid: `${index}`, record: record(state, enabled) });
      }
    });
    const unsettled = await store.mappings.unsettled();
    assert.equal(unsettled.length, 7);
    const log = { error: (fault: unknown) => assert.fail(String(fault)) };
    const eventSources = { start: () => {}, stop: async () => {} };
    for (const mapping of unsettled)
      await settleMapping(mapping, { store, log, eventSources } as unknown as BackgroundParts);
    for (const [index, [, , expected]] of left.entries()) {
      assert.equal((await store.mappings.get(key.account, key.region, `${index}`))?.state, expected);
    }
    assert.deepEqual(await store.mappings.unsettled(), []);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});
