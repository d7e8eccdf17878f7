// boto3 and what it needs, which AWS's Python runtimes bring: fetched once with pip, in the background, for all versions.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Found } from './types.ts';

const timeoutMs = 180_000;
/** A fetch that failed is not tried again for this long. */
const pauseMs = 300_000;

/** Runs Python; rejects with what it said. Replaced in tests. */
export type RunPython = (executable: string, args: string[], env: Record<string, string | undefined>) => Promise<void>;

export const runPython: RunPython = (executable, args, env) =>
  new Promise((resolve, reject) => {
    execFile(executable, args, { timeout: timeoutMs, env }, (error, _stdout, stderr) => {
      if (!error) return resolve();
      const errors = stderr.split('\n').filter((line) => /error/i.test(line));
      reject(new Error(errors.at(-1)?.replace(/^ERROR: /, '') ?? (stderr.trim().split('\n').at(-1) || error.message)));
    });
  });

export interface PythonSdkOptions {
  packageDir: string;
  dataDir: string;
  env: Record<string, string | undefined>;
  onProgress: (line: string) => void;
  runPython?: RunPython | undefined;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface PythonSdk {
  /** Folder to show to functions; the packages are, or will be, in `name` below it. */
  folder: string;
  name: string;
  isThere(): boolean;
  /**
   * Fetches the packages unless they are there, and compiles them for all of `pythons`. While it does so,
   * `<name>.fetching` lies beside them: functions that import them wait for it. Resolves to whether they are there.
   */
  fetch(pythons: Found[]): Promise<boolean>;
}

/** boto3 supports no older ones. */
export const supportsSdk = ({ version }: Found) => version[1]! >= 9;

const folderIn = (root: string) => path.join(root, 'runtimes/python-sdk');

/** In the installation where it is there already, else in the data folder; null in an installation that names none. */
export function pythonSdk(options: PythonSdkOptions): PythonSdk | null {
  const { packageDir, dataDir, env, onProgress, now } = options;
  const run = options.runPython ?? runPython;
  const requirements = path.join(packageDir, 'runtimes/python/requirements.txt');
  if (!existsSync(requirements)) return null;
  const name = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder =
    [packageDir, dataDir].map(folderIn).find((one) => existsSync(path.join(one, name))) ?? folderIn(dataDir);
  const target = path.join(folder, name);
  const marker = `${target}.fetching`;
  let isThere = existsSync(target);
  let fetching: Promise<boolean> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function install(pythons: Found[]): Promise<void> {
    const temporary = await mkdtemp(path.join(folder, '.fetch-'));
    try {
      const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries', '0'];
      const exactly = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--no-compile'];
      const pip = ['-m', 'pip', 'install', ...quiet, ...exactly, '--target', temporary, '-r', requirements];
      await firstThatInstalls(pythons, (executable) => run(executable, pip, env));
      // Functions see it read-only: compiled by none of them, it would be compiled by each of them.
      for (const { executable } of pythons)
        await run(executable, ['-m', 'compileall', '-q', temporary], env).catch(() => {});
      // Functions are other users.
      await chmod(temporary, 0o755);
      await rename(temporary, target).catch((error: NodeJS.ErrnoException) => {
        // Another process was faster; what it put there is as good.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  async function fetchNow(pythons: Found[]): Promise<boolean> {
    onProgress('Fetching boto3 for Python functions');
    try {
      await install(pythons.filter(supportsSdk));
      isThere = true;
    } catch (error) {
      failedAt = now();
      const advice = 'functions that import it have to pack it';
      onProgress(`Could not fetch boto3 for Python functions: ${(error as Error).message}; ${advice}`);
    }
    rmSync(marker, { force: true });
    fetching = undefined;
    return isThere;
  }

  return {
    folder,
    name,
    isThere: () => isThere,
    fetch(pythons) {
      if (isThere || now() - failedAt < pauseMs) return Promise.resolve(isThere);
      if (fetching === undefined) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(marker, '');
        fetching = fetchNow(pythons);
      }
      return fetching;
    },
  };
}

/** Not every Python has pip. Rejects with the reason of the first. */
async function firstThatInstalls(pythons: Found[], install: (executable: string) => Promise<void>): Promise<void> {
  let reason = new Error('there is no Python 3.9 or newer');
  for (const [at, { executable }] of pythons.entries()) {
    try {
      return await install(executable);
    } catch (error) {
      if (at === 0) reason = error as Error;
      if (!/No module named '?pip/.test((error as Error).message)) throw error;
    }
  }
  throw reason;
}
