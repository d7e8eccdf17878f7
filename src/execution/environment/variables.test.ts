// The variables of each family of runtimes, where AWS's differ.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuntimeBuild, Sandbox } from '../../sandbox/index.ts';
import type { FunctionTarget } from '../function-target.ts';
import { functionVariables } from './variables.ts';

const credentials = { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token' };
const log = { group: '/aws/lambda/f', stream: '2026/01/01/[$LATEST]0', initializationType: 'on-demand' } as const;
const sandbox = {
  paths: { task: '/var/task', opt: '/opt', runtime: '/var/runtime', tmp: '/tmp' },
  endpointAddress: '127.0.0.1:4566',
  runtimeApiAddress: '127.0.0.1:9001',
} as unknown as Sandbox;

function variablesOf(runtime: string, family: RuntimeBuild['family'], variables: Record<string, string> = {}) {
  const target = { runtime, variables, logging: { format: 'Text' }, handler: 'a.b', memoryMib: 128 };
  const build = { runtime, family, version: '1.0.0' } as RuntimeBuild;
  return functionVariables(target as unknown as FunctionTarget, build, sandbox, log, credentials, '169.254.0.1:2000');
}

test('a runtime that AWS starts from a shell script has what that leaves behind', () => {
  for (const [runtime, family] of [
    ['nodejs24.x', 'nodejs'],
    ['python3.11', 'python'],
    ['ruby3.4', 'ruby'],
    ['dotnet8', 'dotnet'],
  ] as const) {
    const { PWD, SHLVL } = variablesOf(runtime, family);
    assert.deepEqual([PWD, SHLVL], ['/var/task', '0'], runtime);
  }
  for (const [runtime, family] of [
    ['java21', 'java'],
    ['provided.al2023', 'provided'],
  ] as const) {
    const { PWD, SHLVL } = variablesOf(runtime, family);
    assert.deepEqual([PWD, SHLVL], [undefined, undefined], runtime);
  }
});

test('a custom runtime is not led to an interpreter of the platform', () => {
  const { PATH, LD_LIBRARY_PATH, AWS_EXECUTION_ENV } = variablesOf('provided.al2023', 'provided');
  assert.deepEqual(
    { PATH, LD_LIBRARY_PATH, AWS_EXECUTION_ENV },
    {
      PATH: '/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      LD_LIBRARY_PATH: '/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
      AWS_EXECUTION_ENV: undefined,
    },
  );
  const managed = variablesOf('nodejs24.x', 'nodejs');
  assert.equal(managed.PATH, '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin');
  assert.ok(managed.LD_LIBRARY_PATH!.startsWith('/var/lang/lib:/lib64:'));
});

test('Python tells the locale that it chooses from 3.12 on, unless the customer chose one', () => {
  assert.equal(variablesOf('python3.11', 'python').LC_CTYPE, undefined);
  for (const runtime of ['python3.12', 'python3.14']) {
    assert.equal(variablesOf(runtime, 'python').LC_CTYPE, 'C.UTF-8', runtime);
  }
  assert.equal(variablesOf('python3.13', 'python', { LC_CTYPE: 'C' }).LC_CTYPE, 'C');
});

test('Java 8 and 11 have their credentials under the names of the first SDK, too', () => {
  for (const [runtime, key] of [
    ['java8.al2', 'ASIA'],
    ['java11', 'ASIA'],
    ['java17', undefined],
  ] as const) {
    assert.equal(variablesOf(runtime, 'java').AWS_ACCESS_KEY, key, runtime);
  }
  assert.equal(variablesOf('java11', 'java').AWS_SECRET_KEY, 'secret');
});
