// Pollers by mapping: when they begin, follow changes, and end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSources } from './event-sources.ts';
import { turns } from '../core/testing/manual-clock.ts';
import { FakeAws } from './testing/fake-calls.ts';

test('nothing is polled before everything is there', async () => {
  const aws = new FakeAws();
  const sources = new EventSources(aws.parts);
  sources.start(aws.mapping());
  sources.start({ ...aws.mapping(), uuid: 'stopped' });
  await sources.stop('stopped');
  await turns();
  assert.deepEqual(aws.calls, []);
  sources.open();
  await turns();
  assert.equal(aws.waiting, 1);
  await sources.close();
  assert.equal(aws.waiting, 0);
  sources.start(aws.mapping());
  await turns();
  assert.equal(aws.waiting, 0);
});

test('a mapping has one poller, whatever is changed', async () => {
  const aws = new FakeAws();
  const sources = new EventSources(aws.parts);
  sources.open();
  for (const BatchSize of [10, 5, 1]) sources.start(aws.mapping({ BatchSize }));
  await turns();
  assert.equal(aws.waiting, 1);
  await aws.send('a', 'b');
  assert.deepEqual(
    aws.invocations.map(({ bodies }) => bodies),
    [['a'], ['b']],
  );
  for (const each of aws.running) await each.answer(null);
  await sources.close();
});

test('sources that are not polled yet are let be', async () => {
  const aws = new FakeAws();
  const sources = new EventSources(aws.parts);
  sources.open();
  sources.start(aws.mapping({}, 'kinesis'));
  await turns();
  assert.deepEqual(aws.calls, []);
  assert.equal(sources.problem('uuid'), undefined);
  await sources.stop('uuid');
});
