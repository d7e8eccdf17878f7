// Which invocations are admitted beside which others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionTarget } from '../function-target.ts';
import { Admission, type KeptReady } from './admission.ts';
import type { ConcurrencyAllowance } from './invocation.ts';

const target = (functionName: string, account = '111111111111'): FunctionTarget =>
  ({
    account,
    region: 'eu-west-1',
    functionName,
    functionArn: `arn:aws:lambda:eu-west-1:${account}:function:${functionName}`,
  }) as FunctionTarget;
const account = { refused: 'ConcurrentInvocationLimitExceeded' };
/** A moment that lasts. */
const stopped = { monotonic: () => 0 };
const reserved = { refused: 'ReservedFunctionConcurrentInvocationLimitExceeded' };

const kept = (allocated: number, isFree: boolean, ofFunction = allocated): KeptReady => ({
  allocated,
  isFree,
  ofFunction,
});

test('functions without a reservation share what the account has, and accounts share nothing', () => {
  const admission = new Admission(stopped);
  const first = admission.enter(target('a'), { unreserved: 2 });
  assert.ok('pools' in first);
  assert.ok('pools' in admission.enter(target('b'), { unreserved: 2 }));
  assert.deepEqual(admission.enter(target('c'), { unreserved: 2 }), account);
  assert.ok('pools' in admission.enter(target('a', '222222222222'), { unreserved: 2 }));
  assert.equal(admission.running, 3);
  admission.leave(first);
  assert.ok('pools' in admission.enter(target('c'), { unreserved: 2 }));
});

test('a reservation is room that no other takes, and no more than that', () => {
  const admission = new Admission(stopped);
  assert.ok('pools' in admission.enter(target('other'), { unreserved: 1 }));
  assert.ok('pools' in admission.enter(target('own'), { reserved: 1, unreserved: 1 }));
  assert.deepEqual(admission.enter(target('own'), { reserved: 1, unreserved: 1 }), reserved);
  assert.deepEqual(admission.enter(target('none'), { reserved: 0, unreserved: 9 }), reserved);
});

test('what goes beyond the provisioned concurrency of a version is the account’s', () => {
  const admission = new Admission(stopped);
  const provisioned = { qualifier: 'live' };
  const own = admission.enter(target('a'), { provisioned, unreserved: 1 }, kept(1, true));
  const spilled = admission.enter(target('a'), { provisioned, unreserved: 1 }, kept(1, false));
  assert.ok('pools' in own && 'pools' in spilled);
  assert.deepEqual([own.provisioned, spilled.provisioned], ['served', 'spilled']);
  assert.deepEqual(admission.enter(target('a'), { provisioned, unreserved: 1 }, kept(1, false)), account);
  admission.leave(own);
  assert.ok('pools' in admission.enter(target('a'), { provisioned, unreserved: 1 }, kept(1, true)));
  assert.deepEqual(admission.enter(target('b'), { unreserved: 1 }), account);
});

test('as long as nothing is allocated of it, provisioned concurrency changes nothing', () => {
  const admission = new Admission(stopped);
  const provisioned = { qualifier: 'live' };
  const admitted = admission.enter(target('a'), { provisioned, reserved: 1, unreserved: 9 }, kept(0, false));
  assert.ok('pools' in admitted);
  assert.equal(admitted.provisioned, undefined);
  assert.deepEqual(admission.enter(target('a'), { provisioned, reserved: 1, unreserved: 9 }, kept(0, false)), reserved);
});

test('what of a reservation is kept ready is for nothing else of the function', () => {
  const admission = new Admission(stopped);
  const provisioned = { qualifier: '1' };
  assert.ok('pools' in admission.enter(target('a'), { provisioned, reserved: 2, unreserved: 9 }, kept(1, true)));
  assert.ok('pools' in admission.enter(target('a'), { provisioned, reserved: 2, unreserved: 9 }, kept(1, false)));
  assert.deepEqual(admission.enter(target('a'), { provisioned, reserved: 2, unreserved: 9 }, kept(1, false)), reserved);
  assert.deepEqual(admission.enter(target('a'), { reserved: 2, unreserved: 9 }, kept(0, false, 1)), reserved);
});

/** Runs short synchronous invocations at one moment, and tells how many were admitted and why the next was not. */
function untilRefused(admission: Admission, allowance: ConcurrencyAllowance, ready?: KeptReady) {
  const served: Record<string, number> = {};
  for (let count = 0; count < 100_000; count++) {
    const admitted = admission.enter(target('a'), allowance, ready);
    if ('refused' in admitted) return { served, refused: admitted.refused };
    const how = admitted.provisioned ?? 'on demand';
    served[how] = (served[how] ?? 0) + 1;
    admission.leave(admitted);
  }
  return { served, refused: undefined };
}

test('synchronous invocations are held to ten times the concurrency per second, the account’s or the reservation', () => {
  let now = 0;
  const admission = new Admission({ monotonic: () => now });
  assert.deepEqual(untilRefused(admission, { unreserved: 5, accountLimit: 8 }), {
    served: { 'on demand': 80 },
    refused: 'FunctionInvocationRateLimitExceeded',
  });
  assert.deepEqual(untilRefused(admission, { reserved: 3, unreserved: 5, accountLimit: 8 }), {
    served: { 'on demand': 30 },
    refused: 'ReservedFunctionInvocationRateLimitExceeded',
  });
  now = 500;
  assert.deepEqual(untilRefused(admission, { unreserved: 5, accountLimit: 8 }).served, { 'on demand': 40 });
  assert.equal(untilRefused(new Admission(stopped), { unreserved: 1 }).refused, undefined, 'asynchronous ones are not');
});

test('a provisioned version spills over by rate as well as by concurrency', () => {
  const provisioned = { qualifier: '1' };
  assert.deepEqual(
    untilRefused(new Admission(stopped), { provisioned, unreserved: 5, accountLimit: 8 }, kept(2, true)),
    { served: { served: 20, spilled: 80 }, refused: 'FunctionInvocationRateLimitExceeded' },
  );
});

test('a snapshot tells what runs, by account, region and function', () => {
  const admission = new Admission(stopped);
  admission.enter(target('a'), { unreserved: 9 });
  admission.enter(target('a'), { provisioned: { qualifier: '1' }, unreserved: 9 }, kept(1, true));
  admission.enter(target('b'), { reserved: 1, unreserved: 9 });
  const over = admission.enter(target('a', '222222222222'), { unreserved: 9 });
  assert.ok('pools' in over);
  admission.leave(over);
  const functions = [
    { functionName: 'a', running: 2 },
    { functionName: 'b', running: 1 },
  ];
  assert.deepEqual(admission.snapshot(), [
    { account: '111111111111', region: 'eu-west-1', running: 3, unreserved: 1, functions },
  ]);
});

test('an invocation leaves the pool that it entered, also when the function was given another since', () => {
  const admission = new Admission(stopped);
  const before = admission.enter(target('a'), { unreserved: 1 });
  assert.ok('pools' in before);
  assert.ok('pools' in admission.enter(target('a'), { reserved: 1, unreserved: 1 }));
  admission.leave(before);
  assert.ok('pools' in admission.enter(target('b'), { unreserved: 1 }));
  assert.equal(admission.running, 2);
});

test('invocations by one version or alias are counted by themselves, beside those of their function', () => {
  const admission = new Admission(stopped);
  const enter = (qualifier?: string) => {
    const invokedArn = qualifier === undefined ? undefined : `${target('a').functionArn}:${qualifier}`;
    const admitted = admission.enter(target('a'), { unreserved: 9 }, undefined, invokedArn);
    assert.ok('pools' in admitted);
    return admitted;
  };
  const first = enter('live');
  enter();
  assert.deepEqual(enter('live').concurrent, { ofQualifier: 2, ofFunction: 3, ofAccount: 3, unreserved: 3 });
  admission.leave(first);
  assert.deepEqual(enter('live').concurrent.ofQualifier, 2);
  assert.deepEqual(enter().concurrent.ofQualifier, 2);
});
