// Asks an interpreter for its version by starting it; the last resort, for those whose folder does not tell.
import { execFile } from 'node:child_process';

/** Numbers of the version that `executable --version` prints; null when it does not run or says something else. */
export function askVersion(executable: string): Promise<number[] | null> {
  return new Promise((resolve) => {
    execFile(executable, ['--version'], { timeout: 5000, env: {} }, (error, stdout) => {
      const match = error ? null : /(\d+)\.(\d+)\.(\d+)/.exec(stdout);
      resolve(match ? match.slice(1).map(Number) : null);
    });
  });
}
