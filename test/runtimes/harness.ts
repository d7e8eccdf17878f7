// Starts a runtime's bootstrap bare, without a sandbox, and speaks to it as a sandbox driver and the platform do.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import type { RuntimeBuild } from '../../src/sandbox/driver.ts';
import {
  type AssignFrame,
  encodeFrameHead,
  encodeJsonFrame,
  type ErrorHead,
  FrameReader,
  FrameType,
  type InvokeHead,
  type LogHead,
  type ResponseHead,
  splitHead,
} from '../../src/sandbox/frames.ts';

export interface Answer {
  type: 'booted' | 'ready' | 'initError' | 'response' | 'error' | 'closed';
  head: Partial<ResponseHead & ErrorHead>;
  /** What a response that came in pieces was started with. */
  contentType?: string;
  text: string;
  /** The payload parsed, where it is JSON. */
  json: any;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One process of a runtime. */
export class RuntimeProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly frames: Duplex;
  /** Records that came as log frames, oldest first. */
  readonly logs: string[] = [];
  readonly servers: Record<string, { server: Server; port: number }> = {};
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  #streamed: { contentType: string; pieces: Buffer[] } | undefined;
  #answers: Answer[] = [];
  #waiting: ((answer: Answer) => void)[] = [];

  constructor(build: RuntimeBuild, env: Record<string, string> = {}) {
    const [command, ...args] = build.hostCommand;
    this.child = spawn(command!, args, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: '/usr/bin:/bin',
        HOME: '/tmp',
        LANG: 'en_US.UTF-8',
        NODE_CHANNEL_SERIALIZATION_MODE: 'json',
        LAMBENT_RUNTIME_API_PORT: '0',
        LAMBENT_ENDPOINT_PORT: '0',
        ...env,
      },
    });
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        for (const { server } of Object.values(this.servers)) server.close();
        this.#answer({ type: 'closed', head: {}, text: '', json: undefined });
        resolve({ code, signal });
      });
    });
    this.child.on('message', (message: { server: string; port: number }, server) => {
      this.servers[message.server] = { server: server as Server, port: message.port };
    });
    (this.child.stdout as Readable).on('data', (chunk) => {
      this.stdout += chunk;
    });
    (this.child.stderr as Readable).on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.frames = this.child.stdio[3] as Duplex;
    this.frames.on('error', () => {});
    const reader = new FrameReader();
    this.frames.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#receive(frame.type, frame.body);
    });
  }

  #receive(type: number, body: Buffer): void {
    if (type === FrameType.log) {
      this.logs.push(splitHead<LogHead>(body).payload.toString());
    } else if (type === FrameType.booted || type === FrameType.ready) {
      this.#answer({ type: type === FrameType.booted ? 'booted' : 'ready', head: {}, text: '', json: undefined });
    } else if (type === FrameType.responseStart) {
      this.#streamed = { contentType: JSON.parse(body.toString()).contentType, pieces: [] };
    } else if (type === FrameType.responseChunk) {
      this.#streamed!.pieces.push(Buffer.from(body));
    } else {
      const names = {
        [FrameType.initError]: 'initError',
        [FrameType.response]: 'response',
        [FrameType.error]: 'error',
      };
      const { head, payload } = splitHead<Answer['head']>(body);
      const streamed = type === FrameType.response ? this.#streamed : undefined;
      const text = (streamed === undefined ? payload : Buffer.concat(streamed.pieces)).toString();
      this.#streamed = undefined;
      const contentType = streamed && { contentType: streamed.contentType };
      this.#answer({ type: (names as any)[type], head, text, json: parse(text), ...contentType });
    }
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(answer);
    else this.#answers.push(answer);
  }

  /** The next frame that is not a log record; `closed` once the process has gone. */
  next(): Promise<Answer> {
    const answer = this.#answers.shift();
    if (answer) return Promise.resolve(answer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  assign(frame: Partial<AssignFrame> & { handler: string; taskRoot: string }): Promise<Answer> {
    this.frames.write(
      encodeJsonFrame(FrameType.assign, {
        env: {},
        functionName: 'orders',
        functionVersion: '$LATEST',
        memoryLimitInMb: 128,
        logFormat: 'Text',
        applicationLogLevel: null,
        logGroupName: '/aws/lambda/orders',
        logStreamName: '2026/10/01/[$LATEST]0123456789abcdef0123456789abcdef',
        ...frame,
      }),
    );
    return this.next();
  }

  invoke(event: unknown, head: Partial<InvokeHead> = {}): Promise<Answer> {
    this.write(event, head);
    return this.next();
  }

  write(event: unknown, head: Partial<InvokeHead> = {}): void {
    const payload = Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event));
    const full = {
      requestId: 'b1e2c3d4-0000-4000-8000-000000000001',
      deadlineMs: Date.now() + 3000,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
      ...head,
    };
    this.frames.cork();
    this.frames.write(encodeFrameHead(FrameType.invoke, full, payload.length));
    this.frames.write(payload);
    this.frames.uncork();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Boots a runtime and waits until it can be assigned. */
export async function boot(build: RuntimeBuild, env?: Record<string, string>): Promise<RuntimeProcess> {
  const runtime = new RuntimeProcess(build, env);
  const booted = await runtime.next();
  if (booted.type !== 'booted') throw new Error(`did not boot: ${runtime.stderr}`);
  return runtime;
}

/** A temporary folder with the given files, as a deployment package has them. */
export class TaskFolder implements Disposable {
  readonly path: string;

  constructor(files: Record<string, string | Uint8Array>) {
    this.path = mkdtempSync(path.join(tmpdir(), 'lambent-task-'));
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.path, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
