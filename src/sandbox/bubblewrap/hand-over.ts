// Sockets that a process only passes on to another must not be read from: what it read would be lost.
import type { Socket } from 'node:net';
import { assert } from '../../core/assert.ts';

/**
 * Keeps what arrives on `socket` in the kernel. To be called in the tick that made the socket: Node begins to read at
 * the next one, and offers no public way to stop it before something was read.
 */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as Socket & { _handle?: { readStop(): number; reading: boolean } };
  assert(handle, 'a socket to hand over is open');
  handle.readStop();
  handle.reading = false;
}
