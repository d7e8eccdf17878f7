// The data folder: its lock, so that one server has it at a time, and its secret key.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DataFolder {
  path: string;
  /** Signs session tokens and download links; never leaves the folder. */
  key: Buffer;
  /** Names this folder's sandboxes on the machine, the same at every start. */
  instance: string;
  release(): void;
}

/** Another server has the folder, or it cannot be used. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Makes the folder if need be and takes its lock. Throws DataFolderError. */
export function openDataFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataFolderError(`The data folder ${folder} cannot be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const path = realpathSync(folder);
  const lock = join(path, 'lock');
  takeLock(lock, path);
  return {
    path,
    key: readOrMakeKey(join(path, 'key')),
    instance: createHash('sha256').update(path).digest('hex').slice(0, 12),
    release: () => rmSync(lock, { force: true }),
  };
}

function takeLock(lock: string, path: string): void {
  for (;;) {
    try {
      writeFileSync(lock, `${process.pid} ${startTimeOf(process.pid)}\n`, { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new DataFolderError(`The data folder ${path} cannot be written: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    const [pid, startTime] = readFileSync(lock, 'utf8').trim().split(' ');
    if (pid !== undefined && isRunning(Number(pid), startTime)) {
      throw new DataFolderError(
        `The data folder ${path} is in use by the Lambent with process id ${pid}. Choose another with --data-dir.`,
      );
    }
    // Its owner was killed; the lock is worth nothing.
    rmSync(lock, { force: true });
  }
}

/** Whether the process that wrote the lock still runs: process ids are used again, their start times are not. */
function isRunning(pid: number, startTime: string | undefined): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startTimeOf(pid) === startTime;
}

/** Clock ticks after boot at which a process started; `0` where the system does not tell. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function readOrMakeKey(file: string): Buffer {
  try {
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}
