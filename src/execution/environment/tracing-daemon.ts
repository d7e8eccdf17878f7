// What code in an environment takes for its X-Ray daemon: a port for datagrams with segments, and for requests about
// sampling. It is opened only where something may be traced, since opening it in a running sandbox takes a process.
import type { Socket } from 'node:net';
import type { OpenPort, Sandbox } from '../../sandbox/index.ts';
import type { FunctionTarget } from '../function-target.ts';

export interface TracingDaemonParts {
  /** Takes a datagram that the function sent to its X-Ray daemon. */
  acceptSegments(target: FunctionTarget, datagram: Buffer): void;
  /** Serves a connection that the function made to its X-Ray daemon. */
  acceptSamplingRequests(target: FunctionTarget, socket: Socket): void;
}

/** As on AWS. */
const daemonPort = 2000;

export class TracingDaemon {
  /** Host and port at which code inside reaches it, e.g. `127.0.0.1:2000`; certain once the function is assigned. */
  address = `127.0.0.1:${daemonPort}`;
  readonly #sandbox: Sandbox;
  readonly #target: FunctionTarget;
  readonly #parts: TracingDaemonParts;
  #opening: Promise<void> | undefined;

  constructor(sandbox: Sandbox, target: FunctionTarget, parts: TracingDaemonParts) {
    this.#sandbox = sandbox;
    this.#target = target;
    this.#parts = parts;
  }

  /** Before the function is assigned; undefined where it is opened later or never. */
  openAhead(): Promise<void> | undefined {
    return this.#target.isTraced === true ? this.#open() : undefined;
  }

  /**
   * Before an invocation that is traced; undefined where there is nothing to wait for. A function that passes through what
   * was decided upstream has its daemon from the first such invocation on, where its port can still be the one it was told.
   */
  openForTrace(): Promise<void> | undefined {
    return this.#opening === undefined && this.#sandbox.hasOwnPorts ? this.#open() : undefined;
  }

  /** Never rejects: a function runs without being traced rather than not at all. */
  #open(): Promise<void> {
    this.#opening = this.#sandbox.openPort(daemonPort).then(
      (open) => this.#serve(open),
      () => {},
    );
    return this.#opening;
  }

  #serve({ port, datagrams, connections }: OpenPort): void {
    this.address = `127.0.0.1:${port}`;
    datagrams.on('message', (datagram) => this.#parts.acceptSegments(this.#target, datagram));
    datagrams.on('error', () => {});
    connections.on('connection', (socket) => this.#parts.acceptSamplingRequests(this.#target, socket));
  }
}
