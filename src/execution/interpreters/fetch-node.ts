// Fetches the Node.js of a managed runtime from the npm registry, once, into the data folder.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fetchedDir, nodePackage } from './node-interpreters.ts';

/** Versions that were tried with Lambent; a release of Lambent moves them, not the day on which one is fetched. */
export const pinnedNodeVersions: Readonly<Record<string, string>> = {
  'nodejs20.x': '20.20.2',
  'nodejs22.x': '22.23.3',
  'nodejs24.x': '24.21.0',
};

const timeoutMs = 180_000;

/** Runs npm; rejects with what it said. Replaced in tests. */
export type RunNpm = (args: string[], env: Record<string, string | undefined>) => Promise<void>;

export const runNpm: RunNpm = (args, env) =>
  new Promise((resolve, reject) => {
    execFile('npm', args, { timeout: timeoutMs, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(reasonIn(stderr || stdout || error.message)));
      else resolve();
    });
  });

/** npm's error code and what it was about, without its advice and the path of its log. */
function reasonIn(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/i, '').trim())
    .filter((line) => line !== '');
  return lines.slice(0, 4).join('; ');
}

/** Installs the Node of `runtime` below `dataDir`: another process sees either nothing or all of it. Rejects when npm fails. */
export async function fetchNode(
  runtime: string,
  dataDir: string,
  env: Record<string, string | undefined>,
  npm: RunNpm = runNpm,
): Promise<void> {
  const version = pinnedNodeVersions[runtime];
  const target = fetchedDir(dataDir, runtime);
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = await mkdtemp(path.join(path.dirname(target), `.fetch-${runtime}-`));
  try {
    // Retrying is ours to decide: offline, npm's own retries would keep an invocation waiting for minutes.
    const quiet = ['--no-audit', '--no-fund', '--fetch-retries=0', '--loglevel=error'];
    await npm(
      ['install', '--prefix', temporary, '--no-save', '--ignore-scripts', ...quiet, `${nodePackage}@${version}`],
      env,
    );
    if (!existsSync(path.join(temporary, 'node_modules', nodePackage, 'bin', 'node'))) {
      throw new Error(`npm installed ${nodePackage}@${version} without bin/node`);
    }
    await rename(temporary, target).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; what it put there is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
