// Looks a program up as the shell would.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The server's PATH and the folders of administrators' programs, which the PATH of a user may leave out. */
export const programPath = [process.env['PATH'], '/usr/sbin', '/sbin', '/usr/bin', '/bin']
  .filter(Boolean)
  .join(delimiter);

/** Its path, or null. */
export function findProgram(name: string): string | null {
  for (const folder of programPath.split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not here.
    }
  }
  return null;
}
