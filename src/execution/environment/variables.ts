// The environment variables of a function: the customer's, then the platform's over them, as Lambda orders them.
import type { RuntimeBuild, Sandbox } from '../../sandbox/index.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { EnvironmentLog } from './environment-log.ts';

export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** What a customer may replace. Everything else of the platform wins over the customer's value. */
function replaceable(build: RuntimeBuild, sandbox: Sandbox): Record<string, string> {
  const { task, opt, runtime } = sandbox.paths;
  const remapped = task === '/var/task';
  // A custom runtime has its interpreter in its package.
  const brought = build.family !== 'provided';
  const common = {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: `${remapped && brought ? '/var/lang/bin:' : ''}/usr/local/bin:/usr/bin/:/bin:${opt}/bin`,
    LD_LIBRARY_PATH: `${brought ? '/var/lang/lib:' : ''}/lib64:/usr/lib64:${runtime}:${runtime}/lib:${task}:${task}/lib:${opt}/lib`,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_ENDPOINT_URL: `http://${sandbox.endpointAddress}`,
  };
  if (build.family === 'nodejs') {
    const major = build.runtime.replace(/^nodejs(\d+)\.x$/, '$1');
    const nodePath = `${opt}/nodejs/node${major}/node_modules:${opt}/nodejs/node_modules:${runtime}/node_modules:${runtime}:${task}`;
    return { ...common, NODE_PATH: nodePath };
  }
  if (build.family === 'python') {
    // From 3.12 on there is no locale `en_US` on AWS's systems: Python then chooses this one.
    const coerced = Number(build.runtime.replace('python3.', '')) >= 12;
    return { ...common, PYTHONPATH: runtime, ...(coerced ? { LC_CTYPE: 'C.UTF-8' } : {}) };
  }
  if (build.family === 'ruby') {
    // Gems are built for a version of Ruby: those of the interpreter that is here are looked for as well.
    const versions = new Set([build.runtime.replace('ruby', ''), build.version.split('.').slice(0, 2).join('.')]);
    const folders = [...versions].flatMap((version) => [
      `${task}/vendor/bundle/ruby/${version}.0`,
      `${opt}/ruby/gems/${version}.0`,
    ]);
    return { ...common, GEM_PATH: folders.join(':'), RUBYLIB: `${runtime}:${task}:${opt}/ruby/lib` };
  }
  return build.family === 'dotnet'
    ? { ...common, DOTNET_ROOT: '/var/lang', LAMBDA_RUNTIME_NAME: build.runtime }
    : common;
}

/** Runtimes that AWS starts from a shell script, which leaves these behind. */
const shellStarted = new Set(['nodejs', 'python', 'ruby', 'dotnet']);

/** Runtimes of which the credentials have the names of the first SDK for Java, too. */
const namedForFirstSdk = new Set(['java8.al2', 'java11']);

export function functionVariables(
  target: FunctionTarget,
  build: RuntimeBuild,
  sandbox: Sandbox,
  log: Pick<EnvironmentLog, 'group' | 'stream' | 'initializationType'>,
  credentials: RoleCredentials,
  tracingDaemon: string,
): Record<string, string> {
  const [daemonHost, daemonPort] = tracingDaemon.split(':') as [string, string];
  return {
    ...replaceable(build, sandbox),
    AWS_XRAY_DAEMON_ADDRESS: tracingDaemon,
    ...target.variables,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    ...(namedForFirstSdk.has(build.runtime)
      ? { AWS_ACCESS_KEY: credentials.accessKeyId, AWS_SECRET_KEY: credentials.secretAccessKey }
      : {}),
    AWS_REGION: target.region,
    AWS_DEFAULT_REGION: target.region,
    ...(build.family === 'provided' ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${target.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: target.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: target.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(target.memoryMib),
    AWS_LAMBDA_INITIALIZATION_TYPE: log.initializationType,
    AWS_LAMBDA_LOG_GROUP_NAME: log.group,
    AWS_LAMBDA_LOG_STREAM_NAME: log.stream,
    ...(target.logging.format === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: target.logging.applicationLevel }
      : {}),
    AWS_LAMBDA_RUNTIME_API: sandbox.runtimeApiAddress,
    _AWS_XRAY_DAEMON_ADDRESS: daemonHost,
    _AWS_XRAY_DAEMON_PORT: daemonPort,
    _HANDLER: target.handler,
    LAMBDA_TASK_ROOT: sandbox.paths.task,
    LAMBDA_RUNTIME_DIR: sandbox.paths.runtime,
    ...(shellStarted.has(build.family) ? { PWD: sandbox.paths.task, SHLVL: '0' } : {}),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#runtimes-extensions-registration-api-e */
const runtimeOnly = new Set([
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
  '_AWS_XRAY_DAEMON_ADDRESS',
  '_AWS_XRAY_DAEMON_PORT',
  '_HANDLER',
]);

/** The variables of an external extension: the function's without those that tell of its runtime. */
export function extensionVariables(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !runtimeOnly.has(name)));
}
