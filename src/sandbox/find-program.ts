// Finds the machine's programs where systems keep them, whatever PATH the server was started with.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const folders = [
  ...['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  // NixOS, and Homebrew on macOS.
  ...['/run/current-system/sw/bin', '/opt/homebrew/bin'],
];

/** Environment for programs of the machine that the sandbox layer starts: nothing of the server's own. */
export const programEnvironment = { PATH: folders.join(':') };

/** Its path, or null. */
export function findProgram(name: string): string | null {
  for (const folder of folders) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not here.
    }
  }
  return null;
}
