// Lambent's runtime for provided.*: boots ahead of need, and once it is assigned becomes the function's own bootstrap.
//
// The frame channel is close-on-exec: that it closes tells the platform that the bootstrap runs. From then on the function
// is served through the HTTP Runtime API alone.
import { readSync, writeSync } from 'node:fs';
import { findBootstrap } from './find-bootstrap.mjs';
import { handOverServers } from './servers.mjs';

const channel = 3;
const FrameType = { assign: 1, booted: 16, initError: 18 };

await handOverServers();
for (const name of Object.keys(process.env)) delete process.env[name];
writeFrame(FrameType.booted, Buffer.from('{}'));
become(readAssignment());

/** Blocks until the assignment has come: nothing else is to be done here, and a blocked process costs nothing. */
function readAssignment() {
  for (;;) {
    const length = readExactly(4).readUInt32BE(0);
    const frame = readExactly(length);
    if (frame[0] === FrameType.assign) return JSON.parse(frame.toString('utf8', 1));
  }
}

function readExactly(bytes) {
  const buffer = Buffer.allocUnsafe(bytes);
  let at = 0;
  while (at < bytes) {
    const read = readSync(channel, buffer, at, bytes - at);
    if (read === 0) process.exit(0);
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

function become({ taskRoot, optRoot = '/opt', env }) {
  const { file, problem } = findBootstrap([taskRoot, optRoot]);
  if (problem !== undefined) {
    sendInitError('Runtime.InvalidEntrypoint', problem);
    process.exit(1);
  }
  process.chdir(taskRoot);
  // Node ignores these, and what is ignored stays so across exec; what has a handler goes back to its default.
  process.on('SIGPIPE', () => {});
  process.on('SIGXFSZ', () => {});
  process.execve(file, [file], env);
}

/** `message` goes without AWS's `RequestId: <id> Error: ` in front, which the platform adds. */
function sendInitError(errorType, message) {
  const head = Buffer.from(JSON.stringify({ errorType, fatal: true }));
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(head.length, 0);
  writeFrame(
    FrameType.initError,
    Buffer.concat([length, head, Buffer.from(JSON.stringify({ errorType, errorMessage: message }))]),
  );
}
