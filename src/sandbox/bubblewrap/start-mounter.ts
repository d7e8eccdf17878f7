// Starts the mounter, which runs in the sandbox parent's namespace and listens on the other end of the returned socket.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const perlPaths = ['/usr/bin/perl', '/bin/perl', '/usr/local/bin/perl'];

/** Perl calls the kernel itself; without it, or on another architecture, a shell runs mount(8). */
export function mounterCommand(): string[] {
  const perl = perlPaths.find((path) => existsSync(path));
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  if (perl && ['x64', 'arm64'].includes(process.arch)) return [perl, file('mounter.pl'), process.arch];
  return ['sh', file('mounter.sh')];
}

/** It ends when the socket closes. */
export function startMounter(): Socket {
  const [command, ...args] = mounterCommand();
  const child = spawn(command!, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  child.on('error', () => {});
  return child.stdio[3] as Socket;
}
