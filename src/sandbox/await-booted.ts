// Waits for a runtime's `booted` frame and leaves whatever follows it on the channel.
import type { Readable } from 'node:stream';
import { FrameType } from './frames.ts';

/** The frame's JSON body is `{}`; something longer is not the frame. */
const longestBooted = 1024;

/** Rejects with `RangeError` when another frame comes first, and with `Error` when the channel closes before. */
export function awaitBooted(frames: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let length: number | null = null;
    const settle = (error?: Error) => {
      frames.off('readable', read);
      frames.off('end', end);
      frames.off('close', end);
      if (error) reject(error);
      else resolve();
    };
    const end = () => settle(new Error('the runtime closed its channel before it had booted'));
    const read = () => {
      length ??= (frames.read(4) as Buffer | null)?.readUInt32BE() ?? null;
      if (length === null) return;
      if (length < 1 || length > longestBooted) return settle(new RangeError(`a first frame of ${length} bytes`));
      const frame = frames.read(length) as Buffer | null;
      if (frame === null) return;
      settle(frame[0] === FrameType.booted ? undefined : new RangeError(`a first frame of type ${frame[0]}`));
    };
    frames.on('readable', read);
    frames.on('end', end);
    frames.on('close', end);
    read();
  });
}
