// `lambent deploy`: makes a function of a folder, or brings the function up to date with it.
import type { Architecture } from '@aws-sdk/client-lambda';
import { Command, Option } from 'commander';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Connection, type ConnectionFlags, sayWhere, withConnection } from './connection.ts';
import type { ExistingFunction, PutResult, WantedFunction } from './deploy/put-function.ts';
import type { SettingFlags } from './deploy/settings.ts';
import { usageFailure } from './failure.ts';
import { formatBytes, formatMs, paint } from './format.ts';

interface DeployFlags extends ConnectionFlags, SettingFlags {
  name?: string;
  architecture?: Architecture;
  tags?: string[];
  publish?: boolean;
  install: boolean;
}

const examples = `
Examples:
  lambent deploy .
  lambent deploy examples/thumbnail --memory 512 --timeout 10
  lambent deploy api --name api-test --env STAGE=test --env LEVEL=debug

Runtime and handler are guessed: package.json's "main" or index.mjs|js|cjs, lambda_function.py, main.py or app.py, or
a bootstrap. "engines" in package.json and .python-version decide the version. Packed is the folder with its
node_modules; left out are .git, *.zip and what .lambentignore names, written like .gitignore. What is the same
already is left alone.`;

export function deployCommand(): Command {
  const collect = (value: string, all: string[] = []) => [...all, value];
  const command = new Command('deploy')
    .description('Make a function of a folder, or bring it up to date')
    .argument('<folder>', 'the folder with the code')
    .option('--name <name>', "the function's name (default: the folder's)")
    .option('--runtime <runtime>', 'e.g. nodejs24.x, python3.13, provided.al2023')
    .option('--handler <handler>', 'e.g. index.handler')
    .option('--memory <MiB>', 'memory (new functions: 128)')
    .option('--timeout <seconds>', 'longest run (new functions: 3)')
    .option('--env <KEY=VALUE>', 'set an environment variable; may be repeated, others stay', collect)
    .option('--unset-env <KEY>', 'remove an environment variable; may be repeated', collect)
    .option('--description <text>', 'what the function is for')
    .option('--role <arn>', 'role to run as (new functions: one is made that may write logs)')
    .addOption(new Option('--architecture <kind>', 'processor (new functions: x86_64)').choices(['x86_64', 'arm64']))
    .option('--tags <KEY=VALUE>', 'set a tag; may be repeated, others stay', collect)
    .option('--publish', 'publish a version')
    .option('--no-install', 'do not install dependencies by npm or pip')
    .addHelpText('after', examples);
  return withConnection(command).action(run);
}

async function run(folderName: string, flags: DeployFlags): Promise<void> {
  const startedAt = performance.now();
  const folder = resolve(folderName);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw usageFailure(`There is no folder ${folderName}.`);
  const name = flags.name ?? basename(folder);
  if (!/^[\w-]{1,64}$/.test(name)) {
    throw usageFailure(`"${name}" cannot name a function: say --name with up to 64 letters, digits, - and _.`);
  }
  const notify = (sentence: string) => {
    if (!flags.json) console.error(paint(sentence, 'dim', process.stderr));
  };
  const connection = await Connection.open(flags);
  sayWhere(connection, flags);
  const { createFunction, findFunction, updateFunction } = await import('./deploy/put-function.ts');
  const lambda = await connection.lambda();
  const existing = await connection.run(() => findFunction(lambda, name));
  const wanted = await prepare(folder, name, flags, connection, existing, notify);
  const result = await connection.run(async () => {
    if (existing !== null) return updateFunction(lambda, wanted, existing);
    const role = flags.role ?? (await makeRole(connection, name, notify));
    return createFunction(lambda, { ...wanted, settings: { ...wanted.settings, Role: role } });
  });
  const durationMs = Math.round(performance.now() - startedAt);
  console.log(
    flags.json ? JSON.stringify(show(result, durationMs), null, 2) : describe(result, wanted, durationMs, flags),
  );
}

/** Packs the folder and gathers what the function should be. */
async function prepare(
  folder: string,
  name: string,
  flags: DeployFlags,
  connection: Connection,
  existing: ExistingFunction | null,
  notify: (sentence: string) => void,
): Promise<WantedFunction> {
  const { guessFunction, handlerFileExists } = await import('./deploy/guess-function.ts');
  const { installDependencies } = await import('./deploy/install-dependencies.ts');
  const { packFolders } = await import('./deploy/pack-folder.ts');
  const { readPairs, readSettings } = await import('./deploy/settings.ts');
  const settings = readSettings(flags, existing?.configuration ?? null);
  const tags = readPairs('--tags', flags.tags ?? []);
  const { Runtime, Handler } = existing?.configuration ?? {};
  const now = Runtime !== undefined && Handler !== undefined ? { runtime: Runtime, handler: Handler } : null;
  const given = { runtime: flags.runtime, handler: flags.handler };
  const base =
    now !== null && handlerFileExists(folder, now)
      ? now
      : given.runtime !== undefined && given.handler !== undefined
        ? { runtime: given.runtime, handler: given.handler }
        : guessFunction(folder);
  const runtime = given.runtime ?? base.runtime;
  const handler = given.handler ?? base.handler;
  const installed = flags.install ? await installDependencies(folder, runtime, notify) : null;
  try {
    const { zip } = await packFolders([...(installed?.folder ? [installed.folder] : []), folder]);
    return {
      ...{ name, zip, tags, publish: flags.publish === true },
      architecture: flags.architecture ?? (existing === null ? architectureFor(connection) : undefined),
      settings: { Runtime: runtime as NonNullable<typeof Runtime>, Handler: handler, ...settings },
    };
  } finally {
    await installed?.clean();
  }
}

/** A Lambent on this machine runs what is built for this machine; elsewhere the service's default holds. */
function architectureFor({ endpoint }: Connection): Architecture | undefined {
  const local = endpoint !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
  return local && process.arch === 'arm64' ? 'arm64' : undefined;
}

async function makeRole(connection: Connection, name: string, notify: (sentence: string) => void): Promise<string> {
  const { ensureExecutionRole } = await import('./deploy/execution-role.ts');
  const role = await ensureExecutionRole(await connection.iam(), name);
  notify(`${role.created ? 'Made' : 'Using'} the role ${role.name}, which may write logs.`);
  return role.arn;
}

function describe(
  { changes, configuration, version }: PutResult,
  wanted: WantedFunction,
  durationMs: number,
  flags: DeployFlags,
) {
  const { FunctionName, Runtime, Handler, MemorySize, Timeout, CodeSha256 } = configuration;
  const done =
    changes[0] === 'created' ? 'Created' : changes.length === 0 ? 'Unchanged:' : `Updated (${changes.join(', ')})`;
  const target = [
    ...(flags.endpointUrl === undefined ? [] : [` --endpoint-url ${flags.endpointUrl}`]),
    ...(flags.profile === undefined ? [] : [` --profile ${flags.profile}`]),
    ...(flags.region === undefined ? [] : [` --region ${flags.region}`]),
  ].join('');
  return [
    `${paint(done, 'green')} ${paint(FunctionName!, 'bold')} in ${formatMs(durationMs)}`,
    `  runtime  ${Runtime}, ${Handler}, ${MemorySize} MiB, ${Timeout} s`,
    `  code     ${formatBytes(wanted.zip.length)}, sha256 ${CodeSha256}`,
    ...(version === undefined ? [] : [`  version  ${version}`]),
    `Try it: lambent invoke ${FunctionName}${target}`,
  ].join('\n');
}

function show({ changes, configuration, version }: PutResult, durationMs: number) {
  const action = changes[0] === 'created' ? 'created' : changes.length === 0 ? 'unchanged' : 'updated';
  return {
    name: configuration.FunctionName,
    arn: configuration.FunctionArn,
    action,
    changes: action === 'updated' ? changes : [],
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    memoryMib: configuration.MemorySize,
    timeoutSeconds: configuration.Timeout,
    role: configuration.Role,
    codeBytes: configuration.CodeSize,
    codeSha256: configuration.CodeSha256,
    version: version ?? null,
    durationMs,
  };
}
