// What becomes of a sandbox's channels when its processes are gone.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { closeChannels } from './channels.ts';

/** A channel whose other end has written `text` and is gone; nothing of it has been read yet. */
async function channelOfTheDead(text: string): Promise<Socket> {
  const server = createServer((socket) => socket.on('error', () => {}).end(text));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  server.close();
  return socket;
}

test('a channel that nobody reads is closed at once', async () => {
  const frames = await channelOfTheDead('unheard');
  closeChannels({ frames });
  assert.equal(frames.destroyed, true);
});

test('a channel that someone reads tells its last words and ends by itself', async () => {
  const frames = await channelOfTheDead('last words');
  let heard = '';
  frames.on('data', (chunk: Buffer) => {
    heard += chunk;
  });
  closeChannels({ frames });
  await once(frames, 'close');
  assert.equal(heard, 'last words');
});
