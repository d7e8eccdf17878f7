// What of Node's start-up settings can still be applied once the function is known.
import { setDefaultResultOrder } from 'node:dns';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Makes NODE_PATH count for `require`; sets it as AWS's runtime does when the function does not. */
export function initModulePaths({ taskRoot, optRoot = '/opt' }, env) {
  const runtimeDir = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
  env.NODE_PATH ??= [
    `${optRoot}/nodejs/node${process.versions.node.split('.')[0]}/node_modules`,
    `${optRoot}/nodejs/node_modules`,
    `${runtimeDir}/node_modules`,
    runtimeDir,
    taskRoot,
  ].join(':');
  Module._initPaths();
}

/** Applies those of `options` (the text of NODE_OPTIONS) that work in a running process; others are left alone. */
export async function applyNodeOptions(options, taskRoot) {
  if (!options) return;
  const words = options.match(/"(?:\\.|[^"])*"|\S+/g)?.map((word) => word.replace(/^"(.*)"$/, '$1')) ?? [];
  const require = createRequire(path.join(taskRoot, 'index.js'));
  for (let at = 0; at < words.length; at += 1) {
    const [name, inline] = splitOption(words[at]);
    const value = () => inline ?? words[++at];
    if (name === '-r' || name === '--require') require(value());
    else if (name === '--import') await import(toSpecifier(value(), require, taskRoot));
    else if (name === '--enable-source-maps') process.setSourceMapsEnabled(true);
    else if (name === '--stack-trace-limit') Error.stackTraceLimit = Number(value());
    else if (name === '--dns-result-order') setDefaultResultOrder(value());
  }
}

function splitOption(word) {
  const equals = word.indexOf('=');
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function toSpecifier(specifier, require, taskRoot) {
  if (/^(file|node|data):/.test(specifier)) return specifier;
  if (/^\.{0,2}\//.test(specifier)) return pathToFileURL(path.resolve(taskRoot, specifier)).href;
  return pathToFileURL(require.resolve(specifier)).href;
}
