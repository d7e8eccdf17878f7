// The function's end of the frame channel: a socket to read from, so that the event loop stays free, and a writer.
import { Socket } from 'node:net';
import { createFrameReader } from './frame-reader.mjs';
import { createFrameWriter } from './frame-writer.mjs';

/**
 * Opens the channel on `fd`; `onFrame` is as for createFrameReader, and `onClose` runs when the platform has gone.
 * Returns a frame writer, with `hold` and `release`: while held, the channel alone keeps the event loop from being empty.
 */
export function createChannel(fd, onFrame, onClose) {
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  const socket = new Socket({
    fd,
    readable: true,
    writable: true,
    onread: { buffer, callback: createFrameReader(onFrame) },
  });
  socket.on('error', onClose);
  socket.on('close', onClose);
  socket.on('end', onClose);
  socket.resume();
  return { ...createFrameWriter(fd), hold: () => socket.ref(), release: () => socket.unref() };
}
