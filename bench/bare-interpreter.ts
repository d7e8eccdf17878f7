// The limit of cold starts: how long an interpreter takes to start and to end, with nothing to do.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInterpreters, type Interpreters, type ResolvedRuntime } from '../src/execution/index.ts';

export interface BareInterpreter {
  runtime: string;
  version: string;
  /** Executable and flags of the shortest program. */
  command: [string, ...string[]];
  /** The same, for a program that waits for ever. */
  idleCommand: [string, ...string[]];
}

/** Newest first. */
const pythons = [14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`);

export async function bareNode(): Promise<BareInterpreter> {
  return withInterpreters(async (interpreters) => {
    const { runtime, version, hostCommand } = await interpreters.resolve('nodejs24.x');
    const file = hostCommand[0]!;
    return { runtime, version, command: [file, '-e', '0'], idleCommand: [file, '-e', 'setInterval(() => {}, 1e9)'] };
  });
}

/** The best Python of this machine; undefined when it has none that a Lambda runtime names. */
export async function barePython(): Promise<BareInterpreter | undefined> {
  return withInterpreters(async (interpreters) => {
    for (const runtime of pythons) {
      const build: ResolvedRuntime | null = await interpreters.resolve(runtime).catch(() => null);
      if (build?.exact !== true) continue;
      const file = build.hostCommand[0]!;
      const idle = 'import time; time.sleep(1e9)';
      return { runtime, version: build.version, command: [file, '-c', '0'], idleCommand: [file, '-c', idle] };
    }
    return undefined;
  });
}

async function withInterpreters<T>(work: (interpreters: Interpreters) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-bench-'));
  try {
    return await work(findInterpreters({ dataDir, env: process.env }));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Milliseconds from the start to the end of one process. */
export async function bareStartMs({ command: [file, ...args] }: BareInterpreter): Promise<number> {
  const startedAt = performance.now();
  await new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'ignore' });
    child.once('exit', resolve);
    child.once('error', reject);
  });
  return performance.now() - startedAt;
}

/** Milliseconds that `count` starts take, as many at once as there are cores. */
export async function bareStartsMs(bare: BareInterpreter, count: number): Promise<number> {
  const startedAt = performance.now();
  let left = count;
  const lane = async () => {
    while (left-- > 0) await bareStartMs(bare);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return performance.now() - startedAt;
}
