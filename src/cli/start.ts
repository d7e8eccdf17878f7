// `lambent start`: runs the server until SIGTERM or SIGINT.
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { LambentServer } from '../main.ts';

const examples = `
Examples:
  lambent start
  lambent start --port 4600 --data-dir /var/lib/lambent
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 aws lambda list-functions

Each flag has a variable, too: LAMBENT_PORT, LAMBENT_DATA_DIR, and so on.`;

/** Whoever waits for the server does not wait longer than this for the list of interpreters. */
const interpretersLimitMs = 50;
/** Running invocations get ten seconds; what has not ended long after that never will. */
const stopLimitMs = 20_000;

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
    .option('--billing-granularity <milliseconds>', '1, or 100 without init as until 2020 (default: 1)')
    .option('--max-memory <mebibytes>', 'what all environments together may take (default: 80 % of what is free)')
    .option('--quota-policy <policy>', 'grant or hold requests for higher quotas (default: grant)')
    .option('--response-bandwidth <rule>', 'how fast streamed responses go: unlimited or aws (default: unlimited)')
    .option(
      '--file-system <arn=folder>',
      'folder that functions mount where their FileSystemConfigs name that ARN; may be repeated',
      (entry: string, entries: string[] = []) => [...entries, entry],
    )
    .option(
      '--signing-profile <arn=certificate>',
      'certificate that verifies the signatures of that signing profile version; may be repeated',
      (entry: string, entries: string[] = []) => [...entries, entry],
    )
    .option('--otlp-endpoint <url>', "where OpenTelemetry's collector takes traces by HTTP, e.g. http://localhost:4318")
    .option('--json', 'say what is there as one line of JSON')
    .addHelpText('after', examples)
    .action(run);
}

async function run({ json, fileSystem, signingProfile, ...flags }: Record<string, unknown>): Promise<void> {
  const [{ startServer, version }, { ConfigError, readConfig }] = await Promise.all([
    import('../main.ts'),
    import('../config.ts'),
  ]);
  let dataDir = '';
  try {
    const config = readConfig({ ...flags, fileSystems: fileSystem, signingProfiles: signingProfile });
    dataDir = config.dataDir;
    // With --json, stdout is for programs.
    const server = await startServer(config, (sentence) => (json ? console.error : console.log)(sentence));
    stopOnSignal(server.stop);
    stopWithNpm(config.hostEnvironment, server.stop);
    await announce(server, version, json === true);
  } catch (error) {
    const isFull = isOutOfRoom(error);
    if (!(error instanceof ConfigError) && !isFull && !isForThePerson(error)) throw error;
    const reason = isFull ? `There is no room left on the disk of ${dataDir}.` : (error as Error).message;
    console.error(`Lambent cannot start. ${reason}`);
    process.exitCode = 1;
  }
}

/** Ends with the line that says that the server is ready; which interpreters there are may come after it. */
async function announce(server: LambentServer, version: string, json: boolean): Promise<void> {
  const { banner, bannerFacts, runtimesRow } = await import('./banner.ts');
  const interpreters = server.interpreters.list();
  const ready = `Lambent ready on ${server.url}`;
  if (json) {
    console.log(`${JSON.stringify(bannerFacts(version, server, await interpreters))}\n${ready}`);
    return;
  }
  const inTime = await Promise.race([interpreters, pause(interpretersLimitMs, null)]);
  const facts = banner(version, server);
  console.log([facts, ...(inTime === null ? [] : [runtimesRow(inTime)]), ready].join('\n'));
  if (inTime === null) console.log(runtimesRow(await interpreters));
}

function isForThePerson(error: unknown): boolean {
  const expected = ['DataFolderError', 'AddressInUseError', 'SandboxUnavailableError'];
  return expected.includes((error as Error).name);
}

/** A full disk, as the system and as SQLite tell it. */
function isOutOfRoom(error: unknown): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return code === 'ENOSPC' || errcode === 13;
}

/** The first signal lets what runs come to its end; a second one does not. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      console.error(`Lambent did not come to its end within ${stopLimitMs / 1000} seconds and was ended.`);
      process.exit(1);
    }, stopLimitMs).unref();
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
