// Runs, before the function is known, what its first moments will need, so that they find it compiled and cached.
import 'node:https';
import { format } from 'node:util';
import { toLogText, toPayload } from './errors.mjs';
import { loadHandler } from './handler.mjs';

export async function warmUp() {
  const here = new URL('.', import.meta.url).pathname;
  for (const legacy of [true, false]) {
    await loadHandler(here, 'warm-commonjs.handler', legacy);
    await loadHandler(here, 'warm-module.handler', legacy);
  }
  const error = new Error('warm');
  JSON.stringify(toPayload(error, true)) + toLogText(error, false);
  `${new Date().toISOString()}${format('%s %o', 'warm', { deep: [1] }, { a: null })}`;
}
