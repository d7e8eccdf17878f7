// Lambent's Node.js runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.
//
// The process starts before it is known which function it will serve, so what Node reads only while starting has come
// and gone. Of NODE_OPTIONS, node-options.mjs applies --require, --import, --enable-source-maps, --stack-trace-limit
// and --dns-result-order; other options (--max-old-space-size, --experimental-*, --inspect, --loader, ...), as well as
// NODE_EXTRA_CA_CERTS, NODE_V8_COVERAGE, SSL_CERT_FILE and AWS_LAMBDA_EXEC_WRAPPER, have no effect.
import { createChannel, FrameType } from './channel.mjs';
import { patchConsole } from './console.mjs';
import { toError, toPayload, UnhandledPromiseRejection } from './errors.mjs';
import { loadHandler, setupGlobals } from './handler.mjs';
import { createInvoker } from './invoker.mjs';
import { applyNodeOptions, initModulePaths } from './node-options.mjs';
import { handOverServers } from './servers.mjs';
import { warmUp } from './warm-up.mjs';

const channel = createChannel(3, () => process.exit(0));
await handOverServers();
await warmUp();
for (const name of Object.keys(process.env)) delete process.env[name];

let invoker;
channel.start((type, head, payload) => {
  if (type === FrameType.invoke) invoker.invoke(head, payload);
  else if (type === FrameType.assign) become(head);
});
channel.sendJson(FrameType.booted, {});

/** Turns this process into the function that `assignment` (see AssignFrame in src/sandbox/frames.ts) describes. */
async function become(assignment) {
  const { env } = assignment;
  for (const name in env) process.env[name] = env[name];
  process.chdir(assignment.taskRoot);
  initModulePaths(assignment);

  const legacy = runtimeMajor(env) < 24;
  const logger = patchConsole(channel, assignment, legacy);
  setupGlobals(env);
  let onCrash = (error) => channel.sendError(FrameType.initError, undefined, toPayload(error, legacy), true);
  let crashing = false;
  const crash = (label, error, exitCode) => {
    if (crashing) return;
    crashing = true;
    logger.logError(label, error);
    onCrash(error);
    process.exit(exitCode);
  };
  process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason, promise) =>
    crash('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128),
  );

  try {
    await applyNodeOptions(env.NODE_OPTIONS, assignment.taskRoot);
    const loaded = await loadHandler(assignment.taskRoot, assignment.handler, legacy);
    invoker = createInvoker({ channel, loaded, assignment, logger, legacy });
    onCrash = (error) => invoker.crash(error);
  } catch (error) {
    crash(legacy ? 'Uncaught Exception' : 'Init Error', toError(error, legacy), legacy ? 129 : 1);
    return;
  }
  channel.sendJson(FrameType.ready, {});
}

/** Node major whose behaviour the function expects: of its runtime, where it is known, rather than of this interpreter. */
function runtimeMajor(env) {
  const named = /^AWS_Lambda_nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? '');
  return Number(named ? named[1] : process.versions.node.split('.')[0]);
}
