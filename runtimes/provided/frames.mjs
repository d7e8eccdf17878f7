// The little of the frame channel that a process needs which becomes another program; see src/sandbox/frames.ts.
import { readSync, writeSync } from 'node:fs';

const channel = 3;
const FrameType = { assign: 1, booted: 16, initError: 18 };

export function booted() {
  writeFrame(FrameType.booted, Buffer.from('{}'));
}

/** Blocks until the assignment has come: nothing else is to be done here, and a blocked process costs nothing. */
export function readAssignment() {
  for (;;) {
    const length = readExactly(4).readUInt32BE(0);
    const frame = readExactly(length);
    if (frame[0] === FrameType.assign) return JSON.parse(frame.toString('utf8', 1));
  }
}

/** `message` goes without AWS's `RequestId: <id> Error: ` in front, which the platform adds. */
export function sendInitError(errorType, message) {
  const head = Buffer.from(JSON.stringify({ errorType, fatal: true }));
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(head.length, 0);
  writeFrame(
    FrameType.initError,
    Buffer.concat([length, head, Buffer.from(JSON.stringify({ errorType, errorMessage: message }))]),
  );
}

function readExactly(bytes) {
  const buffer = Buffer.allocUnsafe(bytes);
  let at = 0;
  while (at < bytes) {
    const read = readSync(channel, buffer, at, bytes - at);
    if (read === 0) process.exit(1);
    at += read;
  }
  return buffer;
}

function writeFrame(type, body) {
  const frame = Buffer.allocUnsafe(5 + body.length);
  frame.writeUInt32BE(1 + body.length, 0);
  frame[4] = type;
  body.copy(frame, 5);
  let at = 0;
  while (at < frame.length) at += writeSync(channel, frame, at);
}
