// Turns a booted process into the function that an assignment describes.
import { resourceUsage } from 'node:process';
import { patchConsole } from './console.mjs';
import { toError, toPayload, UnhandledPromiseRejection } from './errors.mjs';
import { FrameType } from './frame-types.mjs';
import { loadHandler, setupGlobals } from './handler.mjs';
import { createInvoker } from './invoker.mjs';
import { applyNodeOptions, initModulePaths } from './node-options.mjs';

/**
 * `assignment` is an AssignFrame of src/sandbox/frames.ts. `host` is `{process, console, globalThis,
 * nodePath}`: this process's own, or stand-ins for a rehearsal. Resolves to the invoker, once `ready` has been sent; ends the process on failure.
 */
export async function becomeFunction(assignment, channel, host) {
  const { process, nodePath } = host;
  const { env, taskRoot } = assignment;
  for (const name in env) process.env[name] = env[name];
  process.chdir(taskRoot);
  initModulePaths(assignment, process.env);

  const legacy = runtimeMajor(env) < 24;
  const logger = patchConsole(host.console, channel, assignment, legacy);
  setupGlobals(host.globalThis, env);

  let invoker = null;
  let crashing = false;
  function crash(label, error, exitCode) {
    if (crashing) return;
    crashing = true;
    logger.logError(label, error);
    if (invoker === null) channel.sendError(FrameType.initError, undefined, toPayload(error, legacy), true);
    else invoker.crash(error);
    process.exit(exitCode);
  }
  process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason, promise) =>
    crash('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128),
  );

  // While the function loads the event loop may run empty: its top-level await then can never settle.
  const unsettled = () => process.exit(legacy ? 13 : 0);
  process.once('beforeExit', unsettled);
  channel.release();
  try {
    if (assignment.debug) (await import('./debugging.mjs')).startDebugging(assignment.debug);
    await applyNodeOptions(env.NODE_OPTIONS, taskRoot);
    const loaded = await loadHandler(taskRoot, assignment.handler, legacy, nodePath.searchNow);
    nodePath.searchLater();
    invoker = createInvoker({ channel, loaded, assignment, logger, legacy, process });
  } catch (error) {
    crash(legacy ? 'Uncaught Exception' : 'Init Error', toError(error, legacy), legacy ? 129 : 1);
    return null;
  } finally {
    process.off('beforeExit', unsettled);
    channel.hold();
  }
  channel.sendJson(FrameType.ready, { maxRssKib: resourceUsage().maxRSS });
  return invoker;
}

/** Node major whose behaviour the function expects: of its runtime, where it is known, rather than of this interpreter. */
function runtimeMajor(env) {
  const named = /^AWS_Lambda_nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? '');
  return Number(named ? named[1] : process.versions.node.split('.')[0]);
}
