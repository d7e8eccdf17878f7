// Debuggers and interpreters find each other, and limits of time wait for whoever debugs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { DebugSession } from './debug-session.ts';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const endpoint = '127.0.0.1:4566';

/** Both ends of a connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const here = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [there] = (await accepted) as [Socket];
  server.close();
  return [here, there];
}

function open() {
  const clock = new ManualClock();
  let wanted = 0;
  const session = new DebugSession(arn, 9229, clock, () => {
    wanted += 1;
  });
  return { clock, session, wanted: () => wanted };
}

async function read(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

test('a debugger without an environment asks for one, and is joined with it once that is there', async () => {
  const { session, wanted } = open();
  const [debuggerEnd, attached] = await pair();
  session.attach(attached);
  assert.equal(wanted(), 1);
  debuggerEnd.write('hello');
  const { token, wait, port } = session.enter(endpoint);
  assert.deepEqual([wait, port], [false, 9229]);
  const [interpreterEnd, offered] = await pair();
  session.offer(token, offered, () => offered.write('accepted '));
  let heard = '';
  while (!heard.includes('hello')) heard += await read(interpreterEnd);
  assert.equal(heard, 'accepted hello');
  interpreterEnd.write('HTTP/1.1 101 yes');
  assert.equal(await read(debuggerEnd), 'HTTP/1.1 101 yes');
  session.close();
  await once(debuggerEnd, 'close');
});

test('of two environments the newer one is debugged', async () => {
  const { session } = open();
  const old = session.enter(endpoint);
  const young = session.enter(endpoint);
  const [oldEnd, oldOffer] = await pair();
  session.offer(old.token, oldOffer, () => {});
  oldEnd.on('data', () => assert.fail('the older one is left alone'));
  const [debuggerEnd, attached] = await pair();
  session.attach(attached);
  debuggerEnd.write('x');
  const [youngEnd, youngOffer] = await pair();
  session.offer(young.token, youngOffer, () => {});
  assert.equal(await read(youngEnd), 'x');
  session.close();
});

test('an environment that follows one which ended under its debugger waits for that to come back', async () => {
  const { session } = open();
  for (const [answer, waits] of [
    ['HTTP/1.0 200 OK', false],
    ['HTTP/1.1 101 Switching Protocols', true],
    ['Content-Length: 10', true],
  ] as const) {
    const { token } = session.enter(endpoint);
    const [debuggerEnd, attached] = await pair();
    const [interpreterEnd, offered] = await pair();
    session.offer(token, offered, () => {});
    session.attach(attached);
    interpreterEnd.write(answer);
    assert.equal(await read(debuggerEnd), answer);
    debuggerEnd.resume();
    interpreterEnd.destroy();
    await once(debuggerEnd, 'close');
    session.leave(token);
    assert.equal(session.enter(endpoint).wait, waits, answer);
  }
});

test('time stands still while a debugger is attached, and goes on from there', async () => {
  const { clock, session } = open();
  let over = false;
  session.after(1000, () => {
    over = true;
  });
  clock.elapse(600);
  const [debuggerEnd, attached] = await pair();
  session.attach(attached);
  clock.elapse(100_000);
  assert.equal(over, false);
  debuggerEnd.destroy();
  await once(attached, 'close');
  clock.elapse(399);
  assert.equal(over, false);
  clock.elapse(1);
  assert.equal(over, true);
});

test('a limit that was called off never comes', () => {
  const { clock, session } = open();
  session.after(10, () => assert.fail('called off'))();
  clock.elapse(100);
});
