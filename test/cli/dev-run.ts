// Runs `lambent dev` as a person does who works on a function, and reads what it tells.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const launcher = resolve(import.meta.dirname, '../../bin/lambent');
const limitMs = 60_000;

export interface DevEvent {
  event: 'updated' | 'failed' | 'url' | 'following' | 'inspecting' | 'log';
  name: string;
  message?: string;
  changes?: string[];
  url?: string;
  port?: number;
}

export interface DevRun {
  events: DevEvent[];
  /** The first event from `from` on for which `is` holds. Rejects after a minute, and when the command ends before. */
  next(is: (event: DevEvent) => boolean, from?: number): Promise<DevEvent>;
  /** Ctrl-C; resolves to the exit code. */
  stop(): Promise<number | null>;
}

export function runDev(endpoint: string, args: string[]): DevRun {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_ENDPOINT_URL: endpoint };
  const child: ChildProcess = spawn(launcher, ['dev', ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const events: DevEvent[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  let complaint = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    events.push(...lines.map((line) => JSON.parse(line)));
    for (const listener of listeners) listener();
  });
  child.stderr!.on('data', (chunk) => {
    complaint += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  void ended.then(() => {
    for (const listener of listeners) listener();
  });
  return {
    events,
    next(is, from = 0) {
      return new Promise((done, fail) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const told = () => `${JSON.stringify(events)}\n${complaint}`;
        const timer = setTimeout(() => finish(() => fail(new Error(`it was not told: ${told()}`))), limitMs);
        const look = () => {
          const found = events.slice(from).find(is);
          if (found !== undefined) finish(() => done(found));
          else if (child.exitCode !== null) finish(() => fail(new Error(`lambent dev ended: ${told()}`)));
        };
        listeners.add(look);
        look();
      });
    },
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
