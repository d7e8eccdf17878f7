// Stands beside a runtime that has external extensions: starts it, later starts them, tells the platform what they write
// and how each of them ends. Speaks the companion's frames of src/sandbox/frames.ts over fd 5.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';

const FrameType = { start: 1, signal: 2, exited: 16, output: 17 };
/** What an extension wrote last may still be in its pipes when its end is seen. */
const lastWordsMs = 20;

const channel = new Socket({ fd: 5, readable: true, writable: true });
const running = new Map();
const {
  LAMBENT_RUNTIME_CHANNEL_FD: ipc,
  LAMBENT_RUNTIME_LIBRARY_PATH: libraryPath,
  PWD: _pwd,
  OLDPWD: _oldPwd,
  ...env
} = process.env;

const [command, ...words] = process.argv.slice(2);
const runtime = spawn(command, words, {
  stdio: ['ignore', 'inherit', 'inherit', 3, Number(ipc)],
  env: { ...env, NODE_CHANNEL_FD: '4', ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}) },
});
// Their other ends are to see when the runtime closes them.
closeSync(3);
if (ipc !== '3') closeSync(Number(ipc));
runtime.once('error', () => process.exit(127));
runtime.once('exit', (code, signal) => sendExit(null, { code, signal }));

function start({ extensions, env: variables }) {
  for (const [index, { file }] of extensions.entries()) {
    const child = spawn(file, [], { stdio: ['ignore', 'pipe', 'pipe'], env: variables, cwd: '/' });
    running.set(index, child);
    for (const [at, stream] of [child.stdout, child.stderr].entries()) {
      stream.on('data', (bytes) => {
        send(FrameType.output, Buffer.concat([Buffer.from([index * 2 + at]), bytes]));
        if (channel.writableNeedDrain) stream.pause();
      });
      channel.on('drain', () => stream.resume());
    }
    child.once('error', (error) => sendExit(index, { error: error.code ?? error.message }));
    child.once('exit', (code, signal) => {
      const report = () => {
        clearTimeout(timer);
        if (running.delete(index)) sendExit(index, { code, signal });
      };
      const timer = setTimeout(report, lastWordsMs);
      child.once('close', report);
    });
  }
}

function sendExit(extension, exit) {
  send(FrameType.exited, Buffer.from(JSON.stringify({ extension, ...exit })));
}

function send(type, body) {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32BE(1 + body.length, 0);
  head[4] = type;
  channel.write(head);
  channel.write(body);
}

let received = Buffer.alloc(0);
channel.on('data', (bytes) => {
  received = Buffer.concat([received, bytes]);
  while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
    const end = 4 + received.readUInt32BE(0);
    const type = received[4];
    const message = JSON.parse(received.toString('utf8', 5, end));
    received = received.subarray(end);
    if (type === FrameType.start) start(message);
    else if (type === FrameType.signal) runtime.kill(message.signal);
  }
});
// The platform has gone, and with it all reason to run.
for (const event of ['end', 'close', 'error']) channel.on(event, () => process.exit(1));
