// The `lambent` command line: loads the file of the command that was asked for, and says errors in one line.
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFailure, usageExitCode } from './failure.ts';

/** In the order of the help. Loaded one by one: `start` should not wait for what only clients need. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  deploy: async () => (await import('./deploy.ts')).deployCommand(),
  dev: async () => (await import('./dev.ts')).devCommand(),
  invoke: async () => (await import('./invoke.ts')).invokeCommand(),
  logs: async () => (await import('./logs.ts')).logsCommand(),
  list: async () => (await import('./list.ts')).listCommand(),
  bill: async () => (await import('./bill.ts')).billCommand(),
  delete: async () => (await import('./delete.ts')).deleteCommand(),
};

const examples = `
Examples:
  lambent start                              run the server here
  lambent deploy examples/hello-node         make a function of a folder
  lambent dev examples/hello-node            and keep it up to date with every save
  lambent invoke hello-node --payload '{"name": "Ada"}'
  lambent logs hello-node -f                 follow what it writes

All commands except start and doctor speak AWS's own API: to Lambent, or to AWS itself.`;

function version(): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version;
}

async function program(argument: string | undefined): Promise<Command> {
  const wanted = argument === undefined ? undefined : commands[argument];
  const loaded = await Promise.all((wanted ? [wanted] : Object.values(commands)).map((load) => load()));
  const program = new Command('lambent').description('AWS Lambda that you can own.').addHelpText('after', examples);
  program.version(version(), '-V, --version').showSuggestionAfterError().exitOverride();
  for (const command of loaded) {
    program.addCommand(command.exitOverride().showHelpAfterError(`Try: lambent ${command.name()} --help`));
  }
  return program;
}

// Whoever reads the output may have had enough of it, as `| head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const [, , argument] = process.argv;
try {
  const lambent = await program(Object.hasOwn(commands, argument ?? '') ? argument : undefined);
  await lambent.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
  else reportFailure(error, process.argv.includes('--json'));
}
