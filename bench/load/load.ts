// Starts the load generator, and has it load one server at a time.
import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface LoadOrder {
  /** For messages. */
  target: string;
  port: number;
  /** A whole HTTP request, sent again and again. */
  request: Uint8Array;
  connections: number;
  /** At first nothing is counted. */
  warmUpMs: number;
  durationMs: number;
  /** What is sent so often in all, and no longer; without it, until the time is up. */
  requests?: number;
  /** Of a good answer; default: 200. */
  status?: number;
}

export interface LoadReport {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  requests: number;
  /** Answers with another status than they should have. */
  failures: number;
  firstFailure: string | undefined;
}

export interface Load {
  /** Rejects when an answer was none of the good ones. */
  run(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
}

export function startLoad(): Load {
  const child = fork(join(import.meta.dirname, 'generator.ts'), { serialization: 'advanced' });
  return {
    async run(order) {
      const report = await new Promise<LoadReport | { error: string }>((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', () => reject(new Error('the load generator ended')));
        child.send(order);
      });
      child.removeAllListeners('exit');
      if ('error' in report) throw new Error(`${order.target}: ${report.error}`);
      if (report.failures > 0) {
        throw new Error(`${order.target}: ${report.failures} requests failed: ${report.firstFailure}`);
      }
      return report;
    },
    stop: () => void child.kill(),
  };
}
