// Whether the data folder can be written and the port can be had.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Check } from './check.ts';

/** Looks at the nearest folder that is there; makes none. */
export function examineDataFolder(folder: string): Check {
  const name = 'data folder';
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    const remedy = 'Choose another by --data-dir, or change its owner.';
    return { name, state: 'bad', value: `${folder} cannot be written`, remedy };
  }
  const owner = runningOwner(join(folder, 'lock'));
  if (owner !== null)
    return { name, state: 'good', value: `${folder}, in use by the Lambent with process id ${owner}` };
  return { name, state: 'good', value: there === folder ? folder : `${folder} (made at the first start)` };
}

function runningOwner(lock: string): number | null {
  try {
    const pid = Number(readFileSync(lock, 'utf8').split(' ')[0]);
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

export async function examinePort(host: string, port: number): Promise<Check> {
  const name = 'port';
  const code = await tryToListen(host, port);
  if (code === null) return { name, state: 'good', value: `${port} on ${host} is free` };
  if (code !== 'EADDRINUSE') {
    return { name, state: 'lacking', value: `${port} on ${host}: ${code}`, remedy: 'Choose another by --port.' };
  }
  const version = await runningLambent(host, port);
  if (version !== null) return { name, state: 'good', value: `Lambent ${version} runs on ${port} on ${host}` };
  const value = `${port} on ${host} is in use by another program`;
  return { name, state: 'lacking', value, remedy: 'Choose another by --port.' };
}

function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

async function runningLambent(host: string, port: number): Promise<string | null> {
  try {
    const address = host.includes(':') ? `[${host}]` : host;
    const answer = await fetch(`http://${address}:${port}/_lambent/health`, { signal: AbortSignal.timeout(2000) });
    const { version } = (await answer.json()) as { version?: string };
    return version ?? null;
  } catch {
    return null;
  }
}
