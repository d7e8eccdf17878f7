// `lambent start`: runs the server until SIGTERM or SIGINT.
import { Command } from 'commander';
import { ConfigError, readConfig } from '../config.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('Run the server until it is told to stop')
    .option('--port <number>', 'port to listen on (default: 4566)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1; another one needs --insecure)')
    .option('--insecure', 'listen where others can reach it, although requests are not authenticated')
    .option('--data-dir <folder>', 'where everything is kept (default: ./.lambent)')
    .option('--isolation <kind>', 'auto, bubblewrap or process (default: auto)')
    .option('--network <kind>', 'what functions reach beside Lambent: auto, none, nat or host (default: auto)')
    .option('--log-level <level>', "level of the server's own log on stderr (default: warn)")
    .option('--prebooted <count>', 'interpreters of each runtime that are started ahead of need (default: 2)')
    .option('--idle-timeout-seconds <seconds>', 'when an environment without invocations ends (default: 600)')
    .action(run);
}

async function run(flags: Record<string, unknown>): Promise<void> {
  const { startServer, version } = await import('../main.ts');
  try {
    const config = readConfig(flags);
    const server = await startServer(config, (sentence) => console.log(sentence));
    const { banner } = await import('./banner.ts');
    console.log(banner(version, server));
    console.log(`Lambent ready on ${server.url}`);
    stopOnSignal(server.stop);
    stopWithNpm(config.hostEnvironment, server.stop);
  } catch (error) {
    if (!isForThePerson(error)) throw error;
    console.error(`Lambent cannot start. ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

function isForThePerson(error: unknown): boolean {
  const expected = ['ConfigError', 'DataFolderError', 'AddressInUseError', 'SandboxUnavailableError'];
  return error instanceof ConfigError || expected.includes((error as Error).name);
}

function stopOnSignal(stop: () => Promise<void>): void {
  const onSignal = () => {
    void stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** When npm started the server and was killed without a chance to pass the signal on, the server ends too. */
function stopWithNpm(environment: Readonly<Record<string, string | undefined>>, stop: () => Promise<void>): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop().then(() => process.exit(0));
  }, 500).unref();
}
