// Finds and loads the function's handler, with AWS's rules, errors and texts.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CallbackHandlerDeprecated,
  HandlerNotFound,
  ImportModuleError,
  MalformedHandlerName,
  MalformedStreamingHandler,
  UserCodeSyntaxError,
} from './errors.mjs';
import { HttpResponseStream } from './response-stream.mjs';

const streamingKey = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMarkKey = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** AWS's runtime is one file of this name; it shows in the `Require stack` of errors. */
const require = createRequire(new URL('./index.mjs', import.meta.url));

/** Provides `awslambda` on `global`, unless the function's environment asks for none. */
export function setupGlobals(global, env) {
  const unwanted = env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (unwanted === '1' || unwanted === 'true') return;
  global.awslambda = {
    ...global.awslambda,
    streamifyResponse(handler, options) {
      handler[streamingKey] = 'response';
      if (typeof options?.highWaterMark === 'number') {
        handler[highWaterMarkKey] = Number.parseInt(options.highWaterMark, 10);
      }
      return handler;
    },
    HttpResponseStream,
  };
}

/**
 * Loads `handlerName`, e.g. `src/orders.http.get`, from below `taskRoot`.
 * Resolves to `{handler, streaming, highWaterMark, isAsync, parameters}`; rejects with one of AWS's `Runtime.*` errors,
 * or with whatever the function's own code threw while loading. `beforeImport` is called before an ES module is loaded.
 */
export async function loadHandler(taskRoot, handlerName, legacy, beforeImport) {
  const { folder, moduleName, exportPath } = parseHandlerName(handlerName);
  const importFile = (file) => {
    beforeImport();
    return import(pathToFileURL(file).href);
  };
  let module;
  try {
    module = await (legacy ? loadModuleLegacy : loadModule)(taskRoot, folder, moduleName, importFile);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const reported = new UserCodeSyntaxError(error);
      reported.stack = error.stack;
      throw legacy ? new UserCodeSyntaxError(error) : reported;
    }
    if (error?.code === 'MODULE_NOT_FOUND') throw new ImportModuleError(error);
    throw error;
  }

  const handler = findExport(module, exportPath, legacy);
  if (!handler) throw new HandlerNotFound(`${handlerName} is undefined or not exported`);
  if (typeof handler !== 'function') throw new HandlerNotFound(`${handlerName} is not a function`);
  const loaded = {
    handler,
    streaming: isStreaming(handler),
    highWaterMark: Number.parseInt(handler[highWaterMarkKey], 10) || undefined,
    isAsync: handler.constructor?.name === 'AsyncFunction',
    parameters: handler.length,
  };
  checkCallback(loaded, legacy);
  return loaded;
}

function parseHandlerName(handlerName) {
  if (handlerName.includes('..')) {
    throw new MalformedHandlerName(
      `'${handlerName}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handlerName);
  const match = /^([^.]*)\.(.*)$/.exec(base);
  if (!match) throw new MalformedHandlerName('Bad handler');
  return { folder: handlerName.slice(0, handlerName.indexOf(base)), moduleName: match[1], exportPath: match[2] };
}

/** nodejs24.x: AWS imports everything; what is CommonJS is required here, which is faster and gives the same exports. */
async function loadModule(taskRoot, folder, moduleName, importFile) {
  const base = path.resolve(taskRoot, folder, moduleName);
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const file = base + extension;
    if (!existsSync(file)) continue;
    if (extension === '.cjs' || (extension !== '.mjs' && !hasModuleType(path.dirname(file)))) {
      try {
        return require(file);
      } catch (error) {
        // ES module syntax in a file that nothing declares to be one.
        if (error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      }
    }
    return await importFile(file);
  }
  return require(require.resolve(moduleName, { paths: [taskRoot, path.join(taskRoot, folder)] }));
}

/** nodejs22.x and earlier: CommonJS is required; what package.json or the extension says is ESM is imported. */
async function loadModuleLegacy(taskRoot, folder, moduleName, importFile) {
  const base = path.resolve(taskRoot, folder, moduleName);
  const loadWith = (load, extension) => (existsSync(base + extension) ? load(base + extension) : undefined);

  const bare = loadWith(require, '');
  if (bare) return bare;
  const isModule = hasModuleType(path.dirname(base));
  const loaded =
    (!isModule && loadWith(require, '.js')) ||
    (isModule && (await loadWith(importFile, '.js'))) ||
    (await loadWith(importFile, '.mjs')) ||
    loadWith(require, '.cjs');
  if (loaded) return loaded;
  return require(require.resolve(moduleName, { paths: [taskRoot, folder] }));
}

/** Whether the nearest package.json has `"type": "module"`; the search ends at a node_modules folder and at the root. */
function hasModuleType(folder) {
  if (folder.endsWith('/node_modules')) return false;
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  return folder === '/' ? false : hasModuleType(path.dirname(folder));
}

function findExport(module, exportPath, legacy) {
  const find = (root) => exportPath.split('.').reduce((value, key) => value?.[key], root);
  return find(module) || (legacy ? undefined : find(module?.default));
}

function isStreaming(handler) {
  if (!handler[streamingKey]) return false;
  if (handler[streamingKey] === 'response') return true;
  throw new MalformedStreamingHandler('Only response streaming is supported.');
}

const removed = (where) =>
  `ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use ${where}. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.`;

const removalPlanned =
  'AWS Lambda plans to remove support for callback-based function handlers starting with Node.js 24. You will need to update this function to use an async handler to use Node.js 24 or later. For more information and to provide feedback on this change, see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To disable this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.';

function checkCallback({ parameters, streaming, isAsync }, legacy) {
  if (streaming) return;
  if (!legacy) {
    if (parameters >= 3) throw new CallbackHandlerDeprecated(removed('Node.js 24 or later'));
  } else if (parameters === 3 && !isAsync && process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined) {
    console.warn(removalPlanned);
  }
}
