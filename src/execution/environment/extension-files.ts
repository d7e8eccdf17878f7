// Which programs of a function's layers are external extensions.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FunctionTarget } from '../function-target.ts';

const none: readonly string[] = [];
const known = new WeakMap<FunctionTarget, Promise<readonly string[]>>();

/** Names of the files in `extensions/` of its layers, in order; looked up once for each target. */
export function extensionFilesOf(target: FunctionTarget): readonly string[] | Promise<readonly string[]> {
  if (target.optDir === null) return none;
  let files = known.get(target);
  if (files === undefined) {
    files = filesIn(path.join(target.optDir, 'extensions'));
    known.set(target, files);
  }
  return files;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return none;
  }
}
