// Interpreters start ahead for every function but those whose variables would come too late, and JVMs by memory size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildForFunction } from './build-for-function.ts';
import type { ResolvedRuntime } from './types.ts';

function build(family: ResolvedRuntime['family'], program: string[]): ResolvedRuntime {
  const alone = { command: ['/bin/sh', 'launch.sh', 'node', ...program], hostCommand: program, extras: { node: '/n' } };
  return {
    ...{ runtime: `${family}1`, family, version: '1', exact: true, langDir: null, runtimeDir: '/runtime' },
    ...{ command: program, hostCommand: program, versionLabel: '', versionHash: '' },
    ...(family === 'provided' ? {} : { alone }),
  };
}

function startsAlone(family: ResolvedRuntime['family'], variables: Record<string, string>): boolean {
  return buildForFunction(build(family, ['/usr/bin/java']), { memoryMib: 128, variables }).command[0] === '/bin/sh';
}

test('a function without wishes is served by an interpreter that has started ahead', () => {
  const node = build('nodejs', ['/bin/node']);
  assert.equal(buildForFunction(node, { memoryMib: 128, variables: { FOO: '1', NODE_ENV: 'x' } }), node);
});

test('a wrapper script, and what the loader reads, ask for a start of its own in any language', () => {
  for (const family of ['nodejs', 'python', 'java', 'ruby'] as const) {
    for (const name of ['AWS_LAMBDA_EXEC_WRAPPER', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'MALLOC_ARENA_MAX']) {
      assert.equal(startsAlone(family, { [name]: '1' }), true, `${family} ${name}`);
    }
  }
  assert.equal(startsAlone('provided', { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' }), false);
});

test('what a language reads while starting does so for that language', () => {
  assert.equal(startsAlone('java', { JAVA_TOOL_OPTIONS: '-Dx=y' }), true);
  assert.equal(startsAlone('python', { JAVA_TOOL_OPTIONS: '-Dx=y' }), false);
  assert.equal(startsAlone('python', { PYTHONOPTIMIZE: '2' }), true);
  assert.equal(startsAlone('python', { PYTHONPATH: '/opt/lib' }), false);
  assert.equal(startsAlone('nodejs', { NODE_EXTRA_CA_CERTS: '/opt/ca.pem' }), true);
  assert.equal(startsAlone('ruby', { RUBYOPT: '-W0' }), true);
});

test('options of Node.js do unless they can be applied later', () => {
  assert.equal(startsAlone('nodejs', { NODE_OPTIONS: '--enable-source-maps --require ./a.js --import=b' }), false);
  assert.equal(startsAlone('nodejs', { NODE_OPTIONS: '--enable-source-maps --max-old-space-size=64' }), true);
});

test("the heap of a JVM is 85 % of the function's memory", () => {
  const java = build('java', ['/bin/sh', 'start.sh', 'node', '/usr/bin/java', '-cp', 'x', 'Main']);
  const { command } = buildForFunction(java, { memoryMib: 512, variables: {} });
  assert.deepEqual(command.slice(3, 6), ['/usr/bin/java', '-XX:MaxHeapSize=445644k', '-cp']);
});
