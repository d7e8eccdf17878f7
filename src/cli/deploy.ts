// `lambent deploy`: makes a function of a folder, or brings the function up to date with it.
import { Command, Option } from 'commander';
import { Connection, type ConnectionFlags, sayWhere, withConnection } from './connection.ts';
import type { DeploymentFlags } from './deploy/deployment.ts';
import type { PutResult, WantedFunction } from './deploy/put-function.ts';
import { formatBytes, formatMs, paint } from './format.ts';

type DeployFlags = ConnectionFlags & DeploymentFlags;

const examples = `
Examples:
  lambent deploy .
  lambent deploy examples/thumbnail --memory 512 --timeout 10
  lambent deploy api --name api-test --env STAGE=test --env LEVEL=debug

Runtime and handler are guessed: package.json's "main" or index.mjs|js|cjs, index.ts|mts|cts, which is bundled with what
it imports, lambda_function.py, main.py or app.py, or a bootstrap. "engines" in package.json and .python-version decide the version. Packed is the folder with its
node_modules; left out are .git, *.zip and what .lambentignore names, written like .gitignore. What is the same
already is left alone.`;

export function deployCommand(): Command {
  const command = new Command('deploy')
    .description('Make a function of a folder, or bring it up to date')
    .argument('<folder>', 'the folder with the code')
    .option('--publish', 'publish a version')
    .addHelpText('after', examples);
  return withConnection(withDeployment(command)).action(run);
}

/** Gives a command the options that say what the function of a folder is to be. */
export function withDeployment(command: Command): Command {
  const collect = (value: string, all: string[] = []) => [...all, value];
  return command
    .option('--name <name>', "the function's name (default: the folder's)")
    .option('--runtime <runtime>', 'e.g. nodejs24.x, python3.13, provided.al2023')
    .option('--handler <handler>', 'e.g. index.handler')
    .option('--memory <MiB>', 'memory (new functions: 128)')
    .option('--timeout <seconds>', 'longest run (new functions: 3)')
    .option('--env <KEY=VALUE>', 'set an environment variable; may be repeated, others stay', collect)
    .option('--env-file <file>', 'set the environment variables of a file such as .env')
    .option('--unset-env <KEY>', 'remove an environment variable; may be repeated', collect)
    .option('--layer <folder>', 'publish a folder as a layer, and use it; may be repeated', collect)
    .option('--description <text>', 'what the function is for')
    .option('--role <arn>', 'role to run as (new functions: one is made that may write logs)')
    .addOption(new Option('--architecture <kind>', 'processor (new functions: x86_64)').choices(['x86_64', 'arm64']))
    .option('--tags <KEY=VALUE>', 'set a tag; may be repeated, others stay', collect)
    .option('--no-install', 'do not install dependencies by npm or pip');
}

async function run(folder: string, flags: DeployFlags): Promise<void> {
  const startedAt = performance.now();
  const notify = (sentence: string) => {
    if (!flags.json) console.error(paint(sentence, 'dim', process.stderr));
  };
  const { Deployment } = await import('./deploy/deployment.ts');
  const connection = await Connection.open(flags);
  const deployment = new Deployment({ folder, flags, connection, notify });
  sayWhere(connection, flags);
  try {
    const { result, wanted } = await deployment.put();
    const durationMs = Math.round(performance.now() - startedAt);
    console.log(
      flags.json ? JSON.stringify(show(result, durationMs), null, 2) : describe(result, wanted, durationMs, flags),
    );
  } finally {
    await deployment.close();
  }
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
