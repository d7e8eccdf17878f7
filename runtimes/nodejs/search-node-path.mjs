// Lets `import` find what lies in the folders of NODE_PATH, as AWS's Node.js does from 18 on: layers and the runtime's SDK.
//
// Node itself looks there for `require` only. A package that is found the ordinary way is taken, so the function's own
// goes first, and only what would fail costs a look.
import { existsSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The hook for Module.register, which older ones have: its `nextResolve` answers with a promise. */
export async function resolve(specifier, context, nextResolve) {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    return nextResolve(specifier, { ...context, parentURL: parentWith(specifier, error) });
  }
}

/** The hook for Module.registerHooks. */
function resolveSync(specifier, context, nextResolve) {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    return nextResolve(specifier, { ...context, parentURL: parentWith(specifier, error) });
  }
}

/** A module's URL from which Node would find the package of `specifier`. Throws `error` where NODE_PATH does not have it. */
function parentWith(specifier, error) {
  const name = error?.code === 'ERR_MODULE_NOT_FOUND' && /^(?:@[^/\\%]+\/)?[^./\\%:@][^/\\%:]*/.exec(specifier)?.[0];
  const folder =
    name &&
    process.env.NODE_PATH?.split(':').find(
      (entry) => path.basename(entry) === 'node_modules' && existsSync(path.join(entry, name)),
    );
  if (!folder) throw withoutHooks(error);
  return pathToFileURL(path.join(folder, '../index.mjs')).href;
}

/** The error with the stack that it has where there are no hooks. */
function withoutHooks(error) {
  if (typeof error?.stack !== 'string') return error;
  const lines = error.stack.split('\n');
  error.stack = lines.filter((line) => !/search-node-path\.mjs|customization_hooks/.test(line)).join('\n');
  return error;
}

let searching = false;

function searchNow() {
  if (searching) return;
  searching = true;
  if (Module.registerHooks) Module.registerHooks({ resolve: resolveSync });
  // Starts a thread, which takes some 30 ms.
  else Module.register(import.meta.url);
}

export const nodePath = {
  /** To be called before the first `import`: each `require` costs some 40 µs more afterwards, which CommonJS is spared. */
  searchNow,
  /** For an `import` that the handler of a CommonJS function may do; nothing where it would take a thread. */
  searchLater() {
    if (Module.registerHooks) searchNow();
  },
};
