// A driver without processes, for tests of what uses sandboxes: a script answers the frames instead of a runtime.
import { createServer, type Server } from 'node:net';
import { Duplex, duplexPair, PassThrough } from 'node:stream';
import type { BootRequest, Enforcement, Sandbox, SandboxAssignment, SandboxDriver, SandboxExit } from '../driver.ts';
import { SandboxBootError } from '../driver.ts';
import { connectToPort } from '../connect-to-port.ts';
import { type Frame, FrameReader } from '../frames.ts';
import { type OpenPort, openPort } from '../open-port.ts';

/** Plays the runtime: called with each frame that the platform writes. Answers with `sandbox.answer`. */
export type FakeScript = (frame: Frame, sandbox: FakeSandbox) => void;

export class FakeSandbox implements Sandbox {
  readonly id: string;
  readonly frames: Duplex;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly runtimeApi: Server;
  readonly endpoint: Server;
  readonly companion: Duplex | null;
  /** The companion's side of its channel, for the test to play. */
  readonly companionEnd: Duplex | null;
  readonly hasOwnPorts = false;
  readonly paths = { task: '/var/task', opt: '/opt', tmp: '/tmp', runtime: '/var/runtime' };
  readonly exited: Promise<SandboxExit>;
  /** What happened to it, in order: `assign`, `limitCpu`, `freeze`, `thaw`, `kill`. */
  readonly calls: string[] = [];
  assignment: SandboxAssignment | null = null;
  frozen = false;
  /** What `isCrowded` says. */
  crowded = false;
  /** What `peakMemoryBytes` says. */
  memoryBytes = 32 * 1024 * 1024;
  readonly #exit: (exit: SandboxExit) => void;
  readonly #released: Promise<void>;

  constructor(
    id: string,
    script: FakeScript,
    servers: { runtimeApi: Server; endpoint: Server },
    released: () => void,
    hasCompanion: boolean,
  ) {
    this.id = id;
    [this.companion, this.companionEnd] = hasCompanion ? duplexPair() : [null, null];
    this.runtimeApi = servers.runtimeApi;
    this.endpoint = servers.endpoint;
    const { promise, resolve } = Promise.withResolvers<SandboxExit>();
    this.exited = promise;
    this.#exit = resolve;
    const reader = new FrameReader();
    this.frames = new Duplex({
      // As a socket: when one side ends, so does the other.
      allowHalfOpen: false,
      read() {},
      write: (chunk: Buffer, _encoding, done) => {
        for (const frame of reader.push(chunk)) script(frame, this);
        done();
      },
    });
    this.#released = promise.then(async () => {
      this.frames.push(null);
      this.stdout.end();
      this.stderr.end();
      await Promise.all([this.runtimeApi, this.endpoint].map((server) => new Promise((done) => server.close(done))));
      released();
    });
  }

  get runtimeApiAddress(): string {
    return addressOf(this.runtimeApi);
  }

  get endpointAddress(): string {
    return addressOf(this.endpoint);
  }

  /** Sends the platform a frame, made by `encodeFrame` and its like. */
  answer(frame: Buffer): void {
    this.frames.push(frame);
  }

  /** Ends as a process would by itself. */
  exit(exit: Partial<SandboxExit> = {}): void {
    this.#exit({ code: null, signal: null, outOfMemory: false, ...exit });
  }

  async assign(assignment: SandboxAssignment): Promise<void> {
    this.calls.push('assign');
    this.assignment = assignment;
  }

  limitCpu(): void {
    this.calls.push('limitCpu');
  }

  freeze(): void {
    if (!this.frozen) this.calls.push('freeze');
    this.frozen = true;
  }

  thaw(): void {
    if (this.frozen) this.calls.push('thaw');
    this.frozen = false;
  }

  peakMemoryBytes(): number {
    return this.memoryBytes;
  }

  isCrowded(): boolean {
    return this.crowded;
  }

  connect(port: number): Promise<Duplex> {
    return connectToPort(port);
  }

  openPort(): Promise<OpenPort> {
    this.calls.push('openPort');
    return openPort(0);
  }

  terminate(): void {
    this.calls.push('terminate');
  }

  kill(): Promise<void> {
    if (!this.calls.includes('kill')) this.calls.push('kill');
    this.exit({ signal: 'SIGKILL' });
    return this.#released;
  }
}

export class FakeDriver implements SandboxDriver {
  readonly enforcement: Enforcement = {
    isolation: 'fake',
    network: 'none',
    memory: 'none',
    cpu: 'none',
    processes: 'none',
    freezing: 'none',
    notices: [],
  };
  /** Those that live, by id. */
  readonly sandboxes = new Map<string, FakeSandbox>();
  /** Set to make the next boots fail. */
  bootFailure: SandboxBootError | null = null;
  readonly #script: FakeScript;
  #closed = false;

  constructor(script: FakeScript) {
    this.#script = script;
  }

  async boot({ id, build }: BootRequest): Promise<FakeSandbox> {
    if (this.#closed) throw new SandboxBootError('the sandbox driver is closed');
    if (this.bootFailure) throw this.bootFailure;
    const servers = { runtimeApi: await listen(), endpoint: await listen() };
    const sandbox = new FakeSandbox(
      id,
      this.#script,
      servers,
      () => this.sandboxes.delete(id),
      build.hasCompanion === true,
    );
    this.sandboxes.set(id, sandbox);
    return sandbox;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.sandboxes.values(), (sandbox) => sandbox.kill()));
  }
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : 'closed';
}
