// Reading while blocks are merged or deleted.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqlite } from '../../storage/index.ts';
import { bounds } from './limits.ts';
import { readEvents } from './read-events.ts';
import { type BlockStore, openStore } from './store/index.ts';

async function openTemporaryStore(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-logs-'));
  const database = openSqlite(join(folder, 'logs.sqlite'), { durability: 'normal' });
  t.after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  return openStore(database);
}

/** A store whose blocks change just before the `at`-th of them is read. */
function disturbed(blocks: BlockStore, at: number, disturb: () => Promise<unknown>): BlockStore {
  let reads = 0;
  return {
    headersForward: blocks.headersForward.bind(blocks),
    headersBackward: blocks.headersBackward.bind(blocks),
    async read(header: Parameters<BlockStore['read']>[0]) {
      if (++reads === at) await disturb();
      return blocks.read(header);
    },
  } as BlockStore;
}

test('blocks merged under a reader lose no event and repeat none', async (t) => {
  const { blocks } = await openTemporaryStore(t);
  const batch = { account: '0', region: 'r', group: 'g', stream: 's', streamId: undefined };
  let streamId = 0;
  for (let index = 0; index < 40; index++) {
    const [stored] = await blocks.write(
      [{ ...batch, timestamps: [index, index + 30], messages: [`${index}`, `${index} later`] }],
      {
        now: 0,
        create: true,
        deliver: () => [],
      },
    );
    streamId = stored!.streamId;
  }
  for (const forward of [true, false]) {
    for (const at of [1, 5, 20, 40]) {
      const read: string[] = [];
      const reader = disturbed(blocks, at, () => blocks.merge(streamId, 0, 7));
      const reading = { scope: { streamIds: [streamId] }, from: 0, to: 1_000, forward, past: undefined };
      const end = await readEvents(reader, reading, (event) => read.push(event.message) > 0);
      assert.equal(end, undefined);
      assert.equal(read.length, 80);
      assert.equal(new Set(read).size, 80);
    }
  }
});

test('a search stops at its budget and says where', async (t) => {
  const { blocks } = await openTemporaryStore(t);
  const timestamps = Array.from({ length: 3 * bounds.blockEvents }, (_, index) => index);
  const batch = { account: '0', region: 'r', group: 'g', stream: 's', streamId: undefined };
  const [stored] = await blocks.write([{ ...batch, timestamps, messages: timestamps.map(() => 'ten chars.') }], {
    now: 0,
    create: true,
    deliver: () => [],
  });
  const reading = { scope: { groupId: stored!.groupId }, from: 0, to: 1e9, forward: true, past: undefined };
  const end = await readEvents(blocks, reading, () => true, 1_000);
  assert.deepEqual([end?.timestamp, end?.sequence], [99, 100]);
});
