// Which invocations are admitted beside which others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionTarget } from '../function-target.ts';
import { Admission } from './admission.ts';

const target = (functionName: string, account = '111111111111'): FunctionTarget =>
  ({ account, region: 'eu-west-1', functionName }) as FunctionTarget;
const account = { refused: 'ConcurrentInvocationLimitExceeded' };
const reserved = { refused: 'ReservedFunctionConcurrentInvocationLimitExceeded' };

test('functions without a reservation share what the account has, and accounts share nothing', () => {
  const admission = new Admission();
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
  const admission = new Admission();
  assert.ok('pools' in admission.enter(target('other'), { unreserved: 1 }));
  assert.ok('pools' in admission.enter(target('own'), { reserved: 1, unreserved: 1 }));
  assert.deepEqual(admission.enter(target('own'), { reserved: 1, unreserved: 1 }), reserved);
  assert.deepEqual(admission.enter(target('none'), { reserved: 0, unreserved: 9 }), reserved);
});

test('what goes beyond the provisioned concurrency of a version is the account’s', () => {
  const admission = new Admission();
  const provisioned = { qualifier: 'live', executions: 1 };
  const own = admission.enter(target('a'), { provisioned, unreserved: 1 });
  const spilled = admission.enter(target('a'), { provisioned, unreserved: 1 });
  assert.ok('pools' in own && 'pools' in spilled);
  assert.deepEqual([own.provisioned, spilled.provisioned], ['served', 'spilled']);
  assert.deepEqual(admission.enter(target('a'), { provisioned, unreserved: 1 }), account);
  admission.leave(own);
  assert.ok('pools' in admission.enter(target('a'), { provisioned, unreserved: 1 }));
  assert.deepEqual(admission.enter(target('b'), { unreserved: 1 }), account);
});

test('within a reservation the provisioned part goes first, and the rest after it', () => {
  const admission = new Admission();
  const provisioned = { qualifier: '1', executions: 1 };
  assert.ok('pools' in admission.enter(target('a'), { provisioned, reserved: 1, unreserved: 9 }));
  assert.ok('pools' in admission.enter(target('a'), { provisioned, reserved: 1, unreserved: 9 }));
  assert.deepEqual(admission.enter(target('a'), { provisioned, reserved: 1, unreserved: 9 }), reserved);
  assert.deepEqual(admission.enter(target('a'), { reserved: 1, unreserved: 9 }), reserved);
  assert.deepEqual(admission.enter(target('all provisioned'), { reserved: 0, unreserved: 9 }), reserved);
});

test('an invocation leaves the pool that it entered, also when the function was given another since', () => {
  const admission = new Admission();
  const before = admission.enter(target('a'), { unreserved: 1 });
  assert.ok('pools' in before);
  assert.ok('pools' in admission.enter(target('a'), { reserved: 1, unreserved: 1 }));
  admission.leave(before);
  assert.ok('pools' in admission.enter(target('b'), { unreserved: 1 }));
  assert.equal(admission.running, 2);
});
