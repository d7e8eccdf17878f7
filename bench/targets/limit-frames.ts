// Frames of the limit: a length of four bytes, then the payload.
import type { Socket } from 'node:net';

/** Small frames as one buffer, large ones without a copy. */
export function encodeFrame(chunks: Buffer[]): Buffer[] {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const start = Buffer.allocUnsafe(4);
  start.writeUInt32BE(length, 0);
  return length < 16_384 ? [Buffer.concat([start, ...chunks])] : [start, ...chunks];
}

export function readFrames(socket: Socket, onFrame: (payload: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = 4;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (buffered >= needed) {
      const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, buffered);
      const end = 4 + whole.readUInt32BE(0);
      chunks = [whole];
      needed = end;
      if (buffered < end) return;
      onFrame(whole.subarray(4, end));
      chunks = buffered > end ? [whole.subarray(end)] : [];
      buffered -= end;
      needed = 4;
    }
  });
}
