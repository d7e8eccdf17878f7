// What functions really did, written by themselves into a folder that outlives every crash.
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { account, region } from '../wire/lambda-client.ts';
import type { Kill } from './crashing-server.ts';

const accessPoint = `arn:aws:elasticfilesystem:${region}:${account}:access-point/fsap-11111111111111111`;
const mountPath = '/mnt/executions';

/** What was executed: an event or a message by its id. */
export interface Execution {
  id: string;
  /** Epoch milliseconds at its beginning. */
  at: number;
  /** What else the function wrote. */
  note: string;
}

export class Executions {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'lambent-test-executions-'));
  readonly #file = join(this.folder, 'log');

  constructor() {
    chmodSync(this.folder, 0o1777);
    appendFileSync(this.#file, '');
    chmodSync(this.#file, 0o666);
  }

  /** Of a server whose functions write here. */
  get flags(): string[] {
    return ['--file-system', `${accessPoint}=${this.folder}`];
  }

  /** Settings of a function that has `record(id, note)` of `recordSource`. */
  async settings(url: string): Promise<Partial<CreateFunctionCommandInput>> {
    const { isolation } = (await (await fetch(`${url}/_lambent/health`)).json()) as { isolation: string };
    if (isolation !== 'bubblewrap') return { Environment: { Variables: { EXECUTIONS: this.folder } } };
    return {
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      FileSystemConfigs: [{ Arn: accessPoint, LocalMountPath: mountPath }],
      Environment: { Variables: { EXECUTIONS: mountPath } },
    };
  }

  /** In the order in which they began. */
  all(): Execution[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id, at, note] = line.split(' ') as [string, string, string];
        return { id, at: Number(at), note };
      });
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Source of a Node.js module's first lines: one short line at a time is appended whole. */
export const recordSource = `
import { appendFileSync } from 'node:fs';
const record = (id, note = '') => appendFileSync(process.env.EXECUTIONS + '/log', id + ' ' + Date.now() + ' ' + note + '\\n');
`;

/** Whether a kill may lie between two moments. */
export function isAcross(before: number, after: number, kills: readonly Kill[]): boolean {
  return kills.some(({ from, to }) => before <= to && from <= after);
}

/** Executions of the same id with neither a kill nor `retryMs` between them: nothing but a fault of the server explains these. */
export function unexplained(
  executions: readonly Execution[],
  kills: readonly Kill[],
  retryMs = Number.POSITIVE_INFINITY,
): string[] {
  const last = new Map<string, number>();
  const found: string[] = [];
  for (const { id, at } of executions) {
    const before = last.get(id);
    if (before !== undefined && !isAcross(before, at, kills) && at - before < retryMs) {
      found.push(`${id} ran at ${before} and at ${at}`);
    }
    last.set(id, at);
  }
  return found;
}
