// The runtime of custom bootstraps becomes the function's own executable, or says in AWS's words why it cannot.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, test } from 'node:test';
import { providedBuild } from './builds.ts';
import { boot, TaskFolder } from './harness.ts';

async function assign(files: Record<string, string | Uint8Array>, mode = 0o755, optRoot?: string) {
  using task = new TaskFolder(files);
  for (const name of Object.keys(files)) chmodSync(`${task.path}/${name}`, mode);
  await using runtime = await boot(providedBuild);
  const answer = await runtime.assign({
    handler: 'app.handler',
    taskRoot: task.path,
    env: { FOO: 'bar', _HANDLER: 'app.handler' },
    ...(optRoot === undefined ? {} : { optRoot }),
  });
  const exit = await runtime.exited;
  return { answer, exit, stdout: runtime.stdout, stderr: runtime.stderr, folder: task.path, pid: runtime.child.pid };
}

/** The start of a 64-bit little-endian ELF file for `machine`. */
function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(machine, 18);
  return header;
}

describe('provided', () => {
  test('becomes the bootstrap, with its environment alone and in its folder', async () => {
    const { answer, exit, stdout, folder, pid } = await assign({
      bootstrap:
        '#!/bin/sh\necho "$0|$$|$PWD|$FOO|$_HANDLER|$#"\nls /proc/self/fd | head -3 | tr "\\n" " "\ngrep SigIgn /proc/self/status\nexit 7\n',
    });
    assert.equal(answer.type, 'closed');
    assert.deepEqual(exit, { code: 7, signal: null });
    const [line, descriptors, ignored] = stdout.split('\n');
    assert.equal(line, `${folder}/bootstrap|${pid}|${folder}|bar|app.handler|0`);
    assert.match(descriptors!, /^0 1 2 SigIgn:\t0{16}$/);
    assert.equal(ignored, '');
  });

  test('closes the frame channel when it has become the bootstrap', async () => {
    using task = new TaskFolder({ bootstrap: '#!/bin/sh\nsleep 60\n' });
    chmodSync(`${task.path}/bootstrap`, 0o755);
    await using runtime = await boot(providedBuild);
    const closed = new Promise((resolve) => runtime.frames.on('end', resolve));
    void runtime.assign({ handler: 'x', taskRoot: task.path });
    await closed;
    assert.equal(runtime.child.exitCode, null);
  });

  test('takes the bootstrap of a layer when the code has none', async () => {
    using layer = new TaskFolder({ bootstrap: '#!/bin/sh\necho from layer\n' });
    chmodSync(`${layer.path}/bootstrap`, 0o755);
    assert.equal((await assign({ 'app.txt': '' }, 0o644, layer.path)).stdout, 'from layer\n');
  });

  async function refusal(files: Record<string, string | Uint8Array>, mode?: number) {
    const { answer, exit, folder, stderr } = await assign(files, mode, '/nowhere');
    assert.equal(answer.type, 'initError', stderr);
    assert.deepEqual(answer.head, { errorType: 'Runtime.InvalidEntrypoint', fatal: true });
    assert.equal(answer.json.errorType, 'Runtime.InvalidEntrypoint');
    assert.equal(exit.code, 1);
    return answer.json.errorMessage.replaceAll(folder, '/var/task');
  }

  test('says where it looked when there is no bootstrap', async () => {
    assert.equal(await refusal({}), "Couldn't find valid bootstrap(s): [/var/task/bootstrap /nowhere/bootstrap]");
  });

  test('refuses a file that may not be executed', async () => {
    assert.equal(
      await refusal({ bootstrap: '#!/bin/sh\n' }, 0o644),
      'fork/exec /var/task/bootstrap: permission denied',
    );
  });

  test('refuses a file that is no program', async () => {
    assert.equal(
      await refusal({ bootstrap: 'echo no interpreter line\n' }),
      'fork/exec /var/task/bootstrap: exec format error',
    );
    assert.equal(await refusal({ bootstrap: '' }), 'fork/exec /var/task/bootstrap: exec format error');
  });

  test('refuses a program of another processor', async () => {
    const other = process.arch === 'x64' ? 183 : 62;
    assert.equal(await refusal({ bootstrap: elf(other) }), 'fork/exec /var/task/bootstrap: exec format error');
  });

  test('refuses a script whose interpreter is not there', async () => {
    const message = 'fork/exec /var/task/bootstrap: no such file or directory';
    assert.equal(await refusal({ bootstrap: '#!/bin/no-such-shell\n' }), message);
    assert.equal(await refusal({ bootstrap: '#!/bin/sh\r\necho dos line ends\r\n' }), message);
  });
});
