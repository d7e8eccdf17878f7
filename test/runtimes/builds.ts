// The interpreters of this machine that the runtime tests run on, and why others are left out.
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findInterpreters, type Found } from '../../src/execution/interpreters/index.ts';
import type { RuntimeBuild } from '../../src/sandbox/driver.ts';

const root = path.resolve(import.meta.dirname, '../..');
const interpreters = findInterpreters({ dataDir: path.join(tmpdir(), 'lambent-none'), env: process.env });
const found = await interpreters.list();

export interface TestBuild {
  /** e.g. `nodejs22.x`. */
  runtime: string;
  /** null when this machine has none; `reason` then says so. */
  build: RuntimeBuild | null;
  reason: string;
}

function toBuild(runtime: string, interpreter: Found | undefined): TestBuild {
  if (!interpreter) return { runtime, build: null, reason: `no interpreter for ${runtime} on this machine` };
  const family = interpreter.family;
  const runtimeDir = path.join(root, 'runtimes', family);
  const command =
    family === 'nodejs'
      ? [interpreter.executable, '--expose-gc', path.join(runtimeDir, 'bootstrap.mjs')]
      : [interpreter.executable, '-u', '-B', path.join(runtimeDir, 'bootstrap.py')];
  const version = interpreter.version.join('.');
  return {
    runtime,
    build: { runtime, family, version, exact: true, langDir: null, runtimeDir, command, hostCommand: command },
    reason: '',
  };
}

export const nodeBuilds = [20, 22, 24].map((major) =>
  toBuild(
    `nodejs${major}.x`,
    found.find(({ family, version }) => family === 'nodejs' && version[0] === major),
  ),
);

export const pythonBuilds = [8, 9, 10, 11, 12, 13, 14].map((minor) =>
  toBuild(
    `python3.${minor}`,
    found.find(({ family, version }) => family === 'python' && version[1] === minor),
  ),
);

export const providedBuild = await interpreters.resolve('provided.al2023');
