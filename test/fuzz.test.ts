// Five seconds of generated requests: every one is answered, none by a fault of ours.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';
import { startTestServer } from './server.ts';
import { zipOf } from './zip.ts';

test('generated requests yield no fault, no hang and no leak', async () => {
  const { requests, problems, succeeded } = await fuzz({ requests: 1_000_000, seconds: 5, seed: 7 });
  assert.deepEqual(problems, []);
  assert.ok(requests > 500, `only ${requests} requests`);
  // Requests that are all refused at the door would prove nothing.
  assert.ok(succeeded.includes('lambda.CreateFunction') && succeeded.length > 40, succeeded.join(' '));
});

test('a Host that is none is no fault', async (t) => {
  const server = await startTestServer({ flags: ['--prebooted', '0'] });
  t.after(() => server.stop());
  const send = async (path: string, input: object, host: string) => {
    const headers = { host, 'content-type': 'application/json' };
    const sent = request({ port: server.port, method: 'POST', path, headers }).end(JSON.stringify(input));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: (await json(response)) as Record<string, string> };
  };
  const role = 'arn:aws:iam::000000000000:role/r';
  const settings = { FunctionName: 'f', Runtime: 'nodejs24.x', Handler: 'index.handler', Role: role };
  const Code = { ZipFile: zipOf({ 'index.mjs': '' }).toString('base64') };
  assert.equal((await send('/2015-03-31/functions', { ...settings, Code }, 'lambda')).status, 201);
  const { status, body } = await send('/2021-10-31/functions/f/url', { AuthType: 'NONE' }, '[::1');
  assert.equal(status, 201);
  assert.match(body['FunctionUrl']!, /^http:\/\/[a-z0-9]+\.lambda-url\.us-east-1\.localhost\/$/);
});
