// Guesses runtime and handler from what lies in a folder.
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { Failure, usageFailure } from '../failure.ts';
import { typescriptEndings } from './bundle-typescript.ts';
import { exportedNames, pythonFunctions } from './find-handlers.ts';

export interface FunctionGuess {
  /** e.g. `nodejs24.x`. */
  runtime: string;
  /** e.g. `index.handler`. */
  handler: string;
}

const scriptNames = ['index', 'app', 'lambda', 'handler', 'main'];
const scriptEndings = ['.mjs', '.js', '.cjs'];
const pythonNames = ['lambda_function', 'main', 'app', 'handler', 'index'];
const newestNode = 24;
const defaultPython = '3.13';

/** Throws Failure, saying what was looked for, when the folder holds nothing that is known. */
export function guessFunction(folder: string): FunctionGuess {
  if (existsSync(join(folder, 'bootstrap'))) return { runtime: 'provided.al2023', handler: 'bootstrap' };
  const script = findScript(folder);
  if (script !== undefined) return { runtime: nodeRuntime(folder), handler: scriptHandler(folder, script) };
  const typescript = findTypescript(folder);
  if (typescript !== undefined) return { runtime: nodeRuntime(folder), handler: scriptHandler(folder, typescript) };
  const python = pythonNames.find((name) => existsSync(join(folder, `${name}.py`)));
  if (python !== undefined) return { runtime: pythonRuntime(folder), handler: pythonHandler(folder, python) };
  throw new Failure(
    'NoFunction',
    `${folder} holds nothing that looks like a function: no index.mjs, index.js, index.ts or "main" of a package.json, no lambda_function.py, main.py or app.py, and no bootstrap. Say --runtime and --handler.`,
  );
}

/** Whether `handler` of a function that exists already is still there; then it is not for us to guess another. */
export function handlerFileExists(folder: string, { runtime, handler }: FunctionGuess): boolean {
  const file = handler.slice(0, handler.lastIndexOf('.'));
  if (runtime.startsWith('provided')) return existsSync(join(folder, 'bootstrap'));
  if (runtime.startsWith('python')) return existsSync(join(folder, `${file.replaceAll('.', '/')}.py`));
  if (runtime.startsWith('ruby')) return existsSync(join(folder, `${handler.split('.')[0]}.rb`));
  // Which class of which jar it is in is the runtime's business.
  if (/^(java|dotnet)/.test(runtime)) return true;
  return [...scriptEndings, ...typescriptEndings].some((ending) => existsSync(join(folder, file + ending)));
}

/** The TypeScript file of `handler`, relative to the folder; undefined where JavaScript lies there, or neither. */
export function typescriptSource(folder: string, { runtime, handler }: FunctionGuess): string | undefined {
  if (!runtime.startsWith('nodejs')) return undefined;
  const file = handler.slice(0, handler.lastIndexOf('.'));
  if (scriptEndings.some((ending) => existsSync(join(folder, file + ending)))) return undefined;
  return typescriptEndings.map((ending) => file + ending).find((name) => existsSync(join(folder, name)));
}

function findTypescript(folder: string): string | undefined {
  return scriptNames
    .flatMap((name) => typescriptEndings.flatMap((ending) => [`${name}${ending}`, `src/${name}${ending}`]))
    .find((file) => existsSync(join(folder, file)));
}

function findScript(folder: string): string | undefined {
  const { main } = readPackageJson(folder);
  const candidates = typeof main === 'string' ? [normalize(main), ...scriptEndings.map((ending) => main + ending)] : [];
  const usual = scriptNames.flatMap((name) => scriptEndings.map((ending) => name + ending));
  return [...candidates, ...usual].find(
    (file) => scriptEndings.includes(extname(file)) && existsSync(join(folder, file)),
  );
}

function scriptHandler(folder: string, script: string): string {
  const names = exportedNames(readFileSync(join(folder, script), 'utf8'));
  const name = choose(names, ['handler', 'lambdaHandler', 'main'], script, 'export const handler = async (event) => …');
  return `${script.slice(0, -extname(script).length)}.${name}`;
}

function pythonHandler(folder: string, module: string): string {
  const names = pythonFunctions(readFileSync(join(folder, `${module}.py`), 'utf8'));
  const example = 'def lambda_handler(event, context):';
  return `${module}.${choose(names, ['lambda_handler', 'handler', 'main'], `${module}.py`, example)}`;
}

function choose(names: string[], usual: string[], file: string, example: string): string {
  const name = usual.find((candidate) => names.includes(candidate)) ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined) return name;
  const found = names.length === 0 ? 'no function' : `several functions (${names.join(', ')})`;
  throw new Failure('NoHandler', `${file} has ${found} to call: say --handler, or write "${example}".`);
}

/** `engines.node` decides; an open range means the newest. */
function nodeRuntime(folder: string): string {
  const range = readPackageJson(folder).engines?.node;
  const major = Number(/\d+/.exec(range ?? '')?.[0] ?? newestNode);
  if (typeof range !== 'string' || /[>*]|latest/.test(range)) return `nodejs${Math.max(newestNode, major)}.x`;
  return `nodejs${major}.x`;
}

function pythonRuntime(folder: string): string {
  const file = join(folder, '.python-version');
  const version = existsSync(file) ? /3\.\d+/.exec(readFileSync(file, 'utf8'))?.[0] : undefined;
  return `python${version ?? defaultPython}`;
}

interface PackageJson {
  main?: unknown;
  engines?: { node?: string };
  dependencies?: Record<string, string>;
}

/** An empty one when there is none. */
export function readPackageJson(folder: string): PackageJson {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usageFailure(`${file} is not JSON: ${(error as Error).message}`);
  }
}
