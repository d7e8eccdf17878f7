// The peer: serverless-offline, installed on demand beside this folder and started with one function for each purpose.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { invokeRequest } from '../load/invoke-request.ts';

/** The last versions that need no account with the makers of Serverless. */
const packages = ['serverless@3.40.0', 'serverless-offline@13.9.0'];
const folder = join(import.meta.dirname, '../.peer');
const startLimitMs = 60_000;
const installLimitMs = 300_000;

export interface PeerTarget {
  port: number;
  /** Of its HTTP API, where `GET /echo` invokes a function. */
  httpPort: number;
  pid: number;
  /** `functionName` is one of those below. */
  request(functionName: string, payload: Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Functions that nobody has invoked yet, `cold0` and on. */
export const peerColdFunctions = 55;

export async function startPeer(say: (sentence: string) => void): Promise<PeerTarget | { why: string }> {
  try {
    await install(say);
    return await start();
  } catch (error) {
    return { why: (error as Error).message };
  }
}

const environment = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  SLS_TELEMETRY_DISABLED: '1',
  SLS_TRACKING_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
};

async function install(say: (sentence: string) => void): Promise<void> {
  if (existsSync(join(folder, 'node_modules/serverless-offline'))) return;
  say(`installing ${packages.join(' and ')} for comparison`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['install', '--prefix', folder, '--save-exact', '--no-audit', '--no-fund', '--ignore-scripts'];
  await promisify(execFile)('npm', [...flags, ...packages], { env: environment, timeout: installLimitMs });
}

async function start(): Promise<PeerTarget> {
  const [http, lambda, websocket] = [await freePort(), await freePort(), await freePort()];
  const app = await mkdtemp(join(tmpdir(), 'lambent-bench-peer-'));
  await writeFile(
    join(app, 'handler.js'),
    'exports.echo = async (event) => event;\nexports.web = async () => ({ statusCode: 200, body: "hello" });\n',
  );
  await writeFile(join(app, 'serverless.yml'), configuration(http, lambda, websocket));
  await symlink(join(folder, 'node_modules'), join(app, 'node_modules'));
  const program = join(folder, 'node_modules/serverless/bin/serverless.js');
  const child = spawn(process.execPath, [program, 'offline', 'start'], {
    cwd: app,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await end(child);
    await rm(app, { recursive: true, force: true });
  };
  try {
    await untilListening(child);
  } catch (error) {
    await stop();
    throw error;
  }
  const request = (name: string, payload: Buffer) => invokeRequest(lambda, `bench-dev-${name}`, payload);
  return { port: lambda, httpPort: http, pid: child.pid!, stop, request };
}

function configuration(http: number, lambda: number, websocket: number): string {
  const names = ['echo', 'burst', ...Array.from({ length: peerColdFunctions }, (_, index) => `cold${index}`)];
  return `service: bench
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
  memorySize: 1769
plugins: [serverless-offline]
custom:
  serverless-offline: { httpPort: ${http}, lambdaPort: ${lambda}, websocketPort: ${websocket} }
functions:
  web: { handler: handler.web, events: [{ httpApi: 'GET /echo' }] }
${names.map((name) => `  ${name}: { handler: handler.echo }\n`).join('')}`;
}

function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`it did not start: ${output.slice(-300)}`)), startLimitMs);
    const settle = (action: () => void) => {
      clearTimeout(timer);
      action();
    };
    const onData = (chunk: Buffer) => {
      output = (output + chunk).slice(-10_000);
      if (output.includes('Function names exposed')) settle(resolve);
    };
    // Its log of invocations goes nowhere, as cheaply as it can.
    child.stdout!.on('data', onData);
    child.stderr!.on('data', onData);
    child.once('exit', () => settle(() => reject(new Error(`it ended: ${output.slice(-300)}`))));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
