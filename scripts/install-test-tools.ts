// Puts boto3 and the AWS CLI, in fixed versions, into `.test-tools/`: `node scripts/install-test-tools.ts`. Nothing else uses them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.test-tools');
const lock = `${folder}.lock`;
const requirements = join(root, 'test/wire/requirements.txt');
const stamp = join(folder, 'installed');
/** An installer that takes longer was killed. */
const lockLimitMs = 180_000;

export type TestTools = { python: string; aws: string } | { missing: string };

/** The tools, installed now if they are not there; or why they cannot be had on this machine. */
export async function testTools(): Promise<TestTools> {
  await takeLock();
  try {
    const reason = isInstalled() ? undefined : install();
    if (reason !== undefined) return { missing: reason };
    return { python: join(folder, 'bin/python'), aws: join(folder, 'bin/aws') };
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const wanted = () => createHash('sha256').update(readFileSync(requirements)).digest('hex');

function isInstalled(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();
}

/** undefined when all went well, else a sentence. */
function install(): string | undefined {
  const python = ['python3', 'python'].find((name) => run(name, '-c', 'import venv, ensurepip') === undefined);
  if (python === undefined)
    return 'there is no Python 3 with venv on this machine (Debian: apt-get install python3-venv)';
  rmSync(folder, { recursive: true, force: true });
  const failed =
    run(python, '-m', 'venv', folder) ??
    run(
      join(folder, 'bin/pip'),
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '1',
      '-r',
      requirements,
    );
  if (failed === undefined) {
    writeFileSync(stamp, wanted());
    return undefined;
  }
  rmSync(folder, { recursive: true, force: true });
  return `boto3 and the AWS CLI cannot be installed: ${failed}`;
}

/** undefined when the command succeeds, else the last thing it said. */
function run(command: string, ...args: string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: lockLimitMs });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `${command} failed`;
}

/** Test files run side by side, and one installation is enough. */
async function takeLock(): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > lockLimitMs) rmSync(lock, { recursive: true, force: true });
    await pause(200);
  }
}

if (import.meta.main) {
  const tools = await testTools();
  console.log(
    'missing' in tools
      ? `The tests of boto3 and the AWS CLI will be left out: ${tools.missing}.`
      : `boto3 and the AWS CLI are in ${folder}.`,
  );
}
