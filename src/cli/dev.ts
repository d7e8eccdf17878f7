// `lambent dev`: makes functions of folders, keeps them up to date with each save, and shows what they write.
import { Command } from 'commander';
import { Connection, type ConnectionFlags, sayWhere, withConnection } from './connection.ts';
import { withDeployment } from './deploy.ts';
import type { Deployment, DeploymentFlags } from './deploy/deployment.ts';
import type { DebugTunnel } from './dev/debug-tunnel.ts';
import type { InTurn } from './dev/in-turn.ts';
import type { Watch } from './dev/watch-folder.ts';
import { Failure, usageFailure } from './failure.ts';
import { formatMs, formatTime, paint } from './format.ts';

type DevFlags = ConnectionFlags & DeploymentFlags & { url?: boolean; inspect?: string | true };

const defaultInspectPort = { nodejs: 9229, python: 5678 };

/** A save is often several writes; this much silence ends them. */
const quietMs = 15;
/** Whoever never stops writing is not waited for longer than this. */
const patienceMs = 250;

const examples = `
Examples:
  lambent dev .
  lambent dev examples/hello-node --env-file .env --url
  lambent dev api worker
  lambent dev . --inspect 9229

Each save below the folder updates the function: code, layers and the environment file. What .lambentignore names is
not watched. Code with a syntax error is told, and what ran before goes on running. Ctrl-C ends it; the functions stay.`;

export function devCommand(): Command {
  const command = new Command('dev')
    .description('Make functions of folders, follow every save, and show their logs')
    .argument('<folders...>', 'the folders with the code')
    .option('--url', 'give each function a URL that everybody may call')
    .option('--inspect [port]', 'let a debugger attach to the function (default: 9229, for Python 5678)')
    .addHelpText('after', examples);
  return withConnection(withDeployment(command)).action(run);
}

async function run(folders: string[], flags: DevFlags): Promise<void> {
  if (folders.length > 1 && flags.name !== undefined) throw usageFailure('--name names one function, of one folder.');
  if (folders.length > 1 && flags.inspect !== undefined) throw usageFailure('--inspect is for one function.');
  const { Deployment } = await import('./deploy/deployment.ts');
  const connection = await Connection.open(flags);
  const terminal = new Terminal(flags.json === true, folders.length > 1);
  const deployments = folders.map((folder) => {
    const notify = (sentence: string) => terminal.note(sentence);
    return new Deployment({ folder, flags, connection, notify });
  });
  sayWhere(connection, flags);
  const end = endOfSignal();
  const followers = deployments.map((deployment) => new Follower(deployment, terminal));
  let tunnel: DebugTunnel | undefined;
  try {
    for (const follower of followers) await follower.begin();
    tunnel = flags.inspect === undefined ? undefined : await inspect(deployments[0]!, connection, flags, terminal);
    await Promise.all(deployments.map((deployment) => showLog(deployment, connection, flags, terminal, end)));
  } finally {
    tunnel?.close();
    for (const follower of followers) await follower.close();
  }
}

/** Keeps one function up to date with its folder. */
class Follower {
  readonly #deployment: Deployment;
  readonly #terminal: Terminal;
  #turns: InTurn | undefined;
  #watches: Watch[] = [];
  readonly #files = new Map<string, Watch>();

  constructor(deployment: Deployment, terminal: Terminal) {
    this.#deployment = deployment;
    this.#terminal = terminal;
  }

  /** Rejects when the function cannot be made at all; broken code is no reason, since it will be mended. */
  async begin(): Promise<void> {
    const [{ inTurn }, { watchFolder }] = await Promise.all([
      import('./dev/in-turn.ts'),
      import('./dev/watch-folder.ts'),
    ]);
    const turns = inTurn(() => this.#update(), quietMs, patienceMs);
    this.#turns = turns;
    const onError = (error: Error) => this.#terminal.trouble(this.#deployment.functionName, error);
    this.#watches = this.#deployment.folders.map((folder) => watchFolder(folder, turns.ask, onError));
    const startedAt = performance.now();
    try {
      const { result } = await this.#deployment.put();
      this.#terminal.updated(this.#deployment.functionName, result.changes, performance.now() - startedAt);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'SourceError') throw error;
      this.#terminal.trouble(this.#deployment.functionName, error);
    }
    await this.#watchFiles();
  }

  async close(): Promise<void> {
    for (const watch of [...this.#watches, ...this.#files.values()]) watch.close();
    await this.#turns?.close();
    await this.#deployment.close();
  }

  async #update(): Promise<void> {
    const startedAt = performance.now();
    try {
      const { result } = await this.#deployment.put();
      if (result.changes.length === 0) return;
      this.#terminal.updated(this.#deployment.functionName, result.changes, performance.now() - startedAt);
    } catch (error) {
      this.#terminal.trouble(this.#deployment.functionName, error as Error);
    } finally {
      await this.#watchFiles();
    }
  }

  /** Sources outside the folder come and go with what imports them. */
  async #watchFiles(): Promise<void> {
    const { watchFile } = await import('./dev/watch-folder.ts');
    const wanted = new Set(this.#deployment.files);
    for (const [file, watch] of this.#files) {
      if (wanted.has(file)) continue;
      watch.close();
      this.#files.delete(file);
    }
    for (const file of wanted) {
      if (this.#files.has(file)) continue;
      const onError = (error: Error) => this.#terminal.trouble(this.#deployment.functionName, error);
      this.#files.set(
        file,
        watchFile(file, () => this.#turns?.ask(), onError),
      );
    }
  }
}

async function showLog(
  { functionName, logGroup }: Deployment,
  connection: Connection,
  flags: DevFlags,
  terminal: Terminal,
  end: AbortSignal,
): Promise<void> {
  if (flags.url) {
    const { publicUrl } = await import('./dev/public-url.ts');
    const lambda = await connection.lambda();
    terminal.url(functionName, await connection.run(() => publicUrl(lambda, functionName)));
  }
  const { followLog } = await import('./dev/follow-log.ts');
  const onTrouble = (error: Error) => terminal.trouble(functionName, error);
  terminal.following(functionName);
  await followLog(await connection.logs(), logGroup, (line) => terminal.log(functionName, line), onTrouble, end);
}

/** Opens a port for debuggers, and says what to attach to. */
async function inspect(
  { functionName, configuration }: Deployment,
  { endpoint }: Connection,
  flags: DevFlags,
  terminal: Terminal,
): Promise<DebugTunnel> {
  const { FunctionArn = '', Runtime = '' } = configuration ?? {};
  const family = Runtime.startsWith('nodejs') ? 'nodejs' : Runtime.startsWith('python') ? 'python' : undefined;
  if (family === undefined)
    throw usageFailure(`--inspect is for Node.js and Python, and ${functionName} is ${Runtime}.`);
  if (endpoint === null) throw usageFailure('--inspect is for functions on Lambent: AWS lets no debugger attach.');
  const port = flags.inspect === true ? defaultInspectPort[family] : Number(flags.inspect);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw usageFailure(`--inspect: "${flags.inspect}" is no port.`);
  }
  const { openDebugTunnel } = await import('./dev/debug-tunnel.ts');
  const onEnd = () => terminal.trouble(functionName, new Failure('InspectEnded', 'The server ended the debugging.'));
  const tunnel = await openDebugTunnel({ endpoint, functionArn: FunctionArn, port, onEnd });
  terminal.inspecting(functionName, tunnel.port, family);
  return tunnel;
}

/** Aborted by Ctrl-C; a second one ends the process at once. */
function endOfSignal(): AbortSignal {
  const end = new AbortController();
  const stop = () => {
    if (end.signal.aborted) process.exit(1);
    end.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return end.signal;
}

/** What happens, for a person on stderr and logs on stdout, or all of it as lines of JSON on stdout. */
class Terminal {
  readonly #json: boolean;
  readonly #several: boolean;

  constructor(json: boolean, several: boolean) {
    this.#json = json;
    this.#several = several;
  }

  note(sentence: string): void {
    if (!this.#json) console.error(paint(sentence, 'dim', process.stderr));
  }

  updated(name: string, changes: string[], durationMs: number): void {
    const duration = Math.round(durationMs);
    if (this.#json) {
      this.#line({ event: 'updated', name, changes, durationMs: duration });
      return;
    }
    const done = changes[0] === 'created' ? 'Created' : changes.length === 0 ? 'Unchanged:' : 'Updated';
    const what = changes.length === 0 || changes[0] === 'created' ? '' : ` (${changes.join(', ')})`;
    console.error(`${paint(done + what, 'green', process.stderr)} ${name} in ${formatMs(duration)}`);
  }

  trouble(name: string, error: Error): void {
    const fromService = '$metadata' in error;
    const message = fromService ? `${error.name}: ${error.message}` : error.message;
    if (this.#json) {
      this.#line({ event: 'failed', name, message });
      return;
    }
    console.error(`${paint('Not updated:', 'red', process.stderr)} ${name}\n${message}`);
  }

  url(name: string, url: string): void {
    if (this.#json) this.#line({ event: 'url', name, url });
    else console.error(`${name} is served on ${url}`);
  }

  inspecting(name: string, port: number, family: 'nodejs' | 'python'): void {
    const protocol = family === 'nodejs' ? "Node.js's inspector" : 'debugpy';
    if (this.#json) this.#line({ event: 'inspecting', name, port });
    else console.error(`Attach a debugger to ${name} on 127.0.0.1:${port} (${protocol}; see docs/debugging.md)`);
  }

  following(name: string): void {
    if (this.#json) this.#line({ event: 'following', name });
    else this.note(`Following ${name}: Ctrl-C ends this.`);
  }

  log(name: string, { time, message }: { time: number; message: string }): void {
    if (this.#json) {
      this.#line({ event: 'log', name, time: new Date(time).toISOString(), message });
      return;
    }
    const whose = this.#several ? `${paint(name, 'bold')} ` : '';
    console.log(`${paint(formatTime(time), 'dim')} ${whose}${message}`);
  }

  #line(value: object): void {
    console.log(JSON.stringify(value));
  }
}
