// What becomes of trace headers, and which requests are sampled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { systemClock } from '../../core/clock.ts';
import { errorCause } from './error-cause.ts';
import type { StoredVersion } from './store/index.ts';
import { readTraceHeader } from './trace-header.ts';
import { queuedTrace, traceFunction, traceRequest } from './tracing.ts';

const parts = { clock: systemClock, ids: randomIds };
const root = '1-5759e988-bd862e3fe1be46a994272793';
const stored = (tracing?: 'Active') =>
  ({ account: '1', region: 'r', name: 'f', version: { configuration: { tracing } } }) as unknown as StoredVersion;
const always = { sample: () => true };

test('only a function with active tracing asks the rules, and only where nobody decided', () => {
  for (const [given, mode, sampled] of [
    [undefined, 'Active', true],
    [undefined, undefined, false],
    [`Root=${root};Sampled=?`, 'Active', true],
    [`Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`, 'Active', false],
    [`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`, undefined, true],
  ] as const) {
    const { header, traced } = traceRequest(always, stored(mode), given, parts);
    assert.equal(traced !== undefined, sampled, given);
    assert.equal(readTraceHeader(header).isSampled, sampled, given);
  }
});

test('a header keeps its root and what else it says, and names the function as parent', () => {
  const given = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:abcdef01:0;Self=x`;
  const { header, traced } = traceRequest(always, stored(), given, parts);
  assert.deepEqual([traced!.id, traced!.parentId], [root, '53995c3f42cd8ad8']);
  const own = traceFunction(header, traced!, randomIds);
  assert.equal(own.header, `Root=${root};Parent=${own.trace.invocationId};Sampled=1;Lineage=1:abcdef01:0;Self=x`);
  assert.equal(queuedTrace(header, 5)!.segmentId, traced!.segmentId);
});

test('a sampled request whose root is none gets a trace of its own', () => {
  const { traced } = traceRequest(always, stored('Active'), 'Root=1-2-3', parts);
  assert.match(traced!.id, /^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

test('the cause of a fault has the frames of Node.js and of Python', () => {
  const cause = (error: object) => errorCause(Buffer.from(JSON.stringify(error)), () => 'id');
  const trace = ['Error: x', '    at run (file:///var/task/index.mjs:3:9)', '    at /var/task/b.js:7:1'];
  assert.deepEqual(cause({ errorType: 'Error', errorMessage: 'x', trace })!.exceptions[0]!.stack, [
    { path: '/var/task/index.mjs', line: 3, label: 'run' },
    { path: '/var/task/b.js', line: 7, label: 'anonymous' },
  ]);
  const stackTrace = ['  File "/var/task/app.py", line 4, in handler\n    raise X\n'];
  assert.deepEqual(cause({ errorType: 'X', errorMessage: 'x', stackTrace })!.paths, ['/var/task/app.py']);
  assert.equal(cause({ other: 1 }), undefined);
});
