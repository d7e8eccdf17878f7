// A Lambent of its own for a test: started as a user starts it, on a free port and a temporary data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const launcher = resolve(import.meta.dirname, '../bin/lambent');
const readyLimitMs = 15_000;

export interface TestServer {
  /** Base URL, e.g. `http://127.0.0.1:34567`. */
  url: string;
  port: number;
  dataDir: string;
  process: ChildProcess;
  /** What it printed so far, stdout and stderr together. */
  output(): string;
  /** SIGTERM, waits for the end, and deletes the data folder. */
  stop(): Promise<void>;
  /** Ends the process by `signal` and starts another over the same data folder. */
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<TestServer>;
}

export interface TestServerOptions {
  dataDir?: string;
  /** Further flags of `lambent start`. */
  flags?: string[];
  /** Variables beside those of the test. */
  env?: Record<string, string>;
}

/** Starts a server; rejects with its output when it does not become ready. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'lambent-test-data-'));
  const flags = ['start', '--port', '0', '--data-dir', dataDir, ...(options.flags ?? [])];
  const child = spawn(launcher, flags, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let printed = '';
  const url = await new Promise<string>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server did not become ready:\n${printed}`)), readyLimitMs);
    const onOutput = (chunk: Buffer) => {
      printed += chunk;
      const ready = /Lambent ready on (\S+)/.exec(printed);
      if (ready === null) return;
      clearTimeout(timer);
      done(ready[1]!);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(new Error(`the server ended with ${signal ?? code}:\n${printed}`));
    });
  }).catch((error: Error) => {
    child.kill('SIGKILL');
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  };
  return {
    url,
    port: Number(new URL(url).port),
    dataDir,
    process: child,
    output: () => printed,
    async stop() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
    async restart(signal) {
      await end(signal);
      return startTestServer({ ...options, dataDir });
    },
  };
}
