// Tells that something below a folder has changed: one kernel watch for each folder that matters, none for its files.
import type { Ignore } from 'ignore';
import { type FSWatcher, readdirSync, realpathSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ignoreFile, ignoreRules } from '../deploy/pack-folder.ts';

export interface Watch {
  close(): void;
}

/**
 * Calls `onChange` for each write, creation, removal and renaming of what is packed of `folder`; folders that come into
 * being are watched, too. A link's target is not. `onError` is told when the machine has no more watches to give.
 */
export function watchFolder(folder: string, onChange: () => void, onError: (error: Error) => void): Watch {
  const root = realpathSync(folder);
  const watchers = new Map<string, FSWatcher>();
  let rules: Ignore = ignoreRules(root);

  const isIgnored = (path: string) => path !== '' && (rules.ignores(path) || rules.ignores(`${path}/`));

  function changed(parent: string, name: string): void {
    const path = join(parent, name);
    const inside = relative(root, path).split(sep).join('/');
    if (inside === ignoreFile) {
      rules = ignoreRules(root);
      for (const other of [...watchers.keys()]) {
        if (isIgnored(relative(root, other).split(sep).join('/'))) forget(other);
      }
      add(root);
    } else if (isIgnored(inside)) return;
    if (isFolder(path)) add(path);
    else forget(path);
    onChange();
  }

  function add(path: string): void {
    if (isIgnored(relative(root, path).split(sep).join('/'))) return;
    try {
      if (!watchers.has(path)) {
        const watcher = watch(path, (_event, name) => changed(path, name ?? ''));
        watcher.on('error', () => forget(path));
        watchers.set(path, watcher);
      }
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory()) add(join(path, entry.name));
      }
    } catch (error) {
      // It may be gone again; what remains is for the person to know.
      if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) onError(error as Error);
    }
  }

  function forget(path: string): void {
    for (const [other, watcher] of watchers) {
      if (other !== path && !other.startsWith(`${path}${sep}`)) continue;
      watcher.close();
      watchers.delete(other);
    }
  }

  add(root);
  return { close: () => forget(root) };
}

/** The same for one file: its folder is watched, since editors put another file in its place. */
export function watchFile(file: string, onChange: () => void, onError: (error: Error) => void): Watch {
  try {
    const watcher = watch(dirname(file), (_event, name) => {
      if (name === basename(file)) onChange();
    });
    watcher.on('error', onError);
    return watcher;
  } catch (error) {
    onError(error as Error);
    return { close() {} };
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
