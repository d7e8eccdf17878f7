// The far end of the limit: sends every frame back.
import { Socket } from 'node:net';
import { encodeFrame, readFrames } from './limit-frames.ts';

const channel = new Socket({ fd: 3, readable: true, writable: true });
readFrames(channel, (payload) => {
  for (const part of encodeFrame([payload])) channel.write(part);
});
channel.on('close', () => process.exit(0));
