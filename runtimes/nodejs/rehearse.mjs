// Plays, before the function is known, what its first moments will be: V8 then has compiled the code that they run, and
// Node has loaded what that needs. This is most of the difference between a cold start of 1 and of 4 ms.
import { closeSync, openSync } from 'node:fs';
import 'node:https';
import { becomeFunction } from './become-function.mjs';
import { createFrameReader } from './frame-reader.mjs';
import { FrameType } from './frame-types.mjs';
import { createFrameWriter } from './frame-writer.mjs';

export async function rehearse() {
  const here = new URL('.', import.meta.url).pathname;
  const nowhere = openSync('/dev/null', 'w');
  const cwd = process.cwd();
  try {
    for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
      for (const handler of ['warm-commonjs.handler', 'warm-module.handler']) {
        await play(
          { taskRoot: here, handler, env: { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`, TZ: ':UTC' } },
          nowhere,
        );
      }
    }
  } finally {
    closeSync(nowhere);
    process.chdir(cwd);
  }
}

/** Becomes a function and serves two invocations, on a channel whose other end is /dev/null. */
async function play(assignment, nowhere) {
  const channel = { ...createFrameWriter(nowhere), hold() {}, release() {} };
  const host = {
    process: { env: process.env, chdir: (folder) => process.chdir(folder), on() {}, once() {}, off() {}, exit() {} },
    console: {},
    globalThis: {},
    nodePath: { searchNow() {}, searchLater() {} },
  };
  let become;
  let invoker;
  const receive = createFrameReader((type, head, payload) => {
    if (type === FrameType.assign) become = becomeFunction(head, channel, host);
    else invoker.invoke(head, payload);
  });

  const assign = encode(
    FrameType.assign,
    JSON.stringify({ logFormat: 'Text', applicationLogLevel: null, ...assignment }),
  );
  receive(assign.length, assign);
  invoker = await become;
  for (const event of ['{"warm":[1,null,"up"]}', '{"fail":true}']) {
    const head = JSON.stringify({ requestId: 'warm', deadlineMs: 0, invokedFunctionArn: 'arn', traceId: 'Root=1' });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(head.length);
    const invoke = encode(FrameType.invoke, length.toString('latin1') + head + event);
    receive(invoke.length, invoke);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
  host.console.log('warm %s', 'up', { deep: [1] });
}

function encode(type, body) {
  const frame = Buffer.alloc(5 + body.length);
  frame.writeUInt32BE(1 + body.length, 0);
  frame[4] = type;
  frame.write(body, 5, 'latin1');
  return frame;
}
