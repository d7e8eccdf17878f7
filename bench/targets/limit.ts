// Starts the limit process: the least that any server could do that hands HTTP requests to another process.
import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface LimitTarget {
  port: number;
  stop(): Promise<void>;
}

export async function startLimit(): Promise<LimitTarget> {
  const child = fork(join(import.meta.dirname, 'limit-server.ts'));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number));
    child.once('exit', () => reject(new Error('the limit process ended')));
  });
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}
