// A function that somebody debugs: joins debuggers outside with interpreters in sandboxes, and stops the clock meanwhile.
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import type { FunctionTarget } from '../function-target.ts';

/** What the runtime of an environment is told: it listens for debuggers and offers connections to itself. */
export interface DebugAssignment {
  /** The port that it listens on in the sandbox, where that is free. */
  port: number;
  /** Host and port of Lambent's endpoint as the sandbox reaches it. */
  endpoint: string;
  /** Says which environment a connection is offered for. */
  token: string;
  /** Whether it waits for a debugger before it loads the function. */
  wait: boolean;
}

interface Limit {
  leftMs: number;
  since: number;
  over(): void;
  cancel: (() => void) | undefined;
}

/** What an interpreter's side begins with once a debugger is more than a visitor who asks what there is. */
const isVisit = (first: Buffer) =>
  first.toString('latin1', 0, 7) === 'HTTP/1.' && !/^HTTP\/1\.1 101/.test(first.toString('latin1', 0, 12));

export class DebugSession {
  /** Whoever knows it may attach. */
  readonly key = randomBytes(24).toString('base64url');
  readonly functionArn: string;
  readonly #port: number;
  readonly #clock: Clock;
  /** Called when a debugger is there and no environment. */
  readonly #onWanted: () => void;
  readonly #targets = new WeakMap<FunctionTarget, FunctionTarget>();
  /** Tokens of living environments, the newest last. */
  readonly #environments = new Set<string>();
  /** Connections that interpreters offer. */
  readonly #offers: { token: string; socket: Duplex; accept(): void }[] = [];
  readonly #waiting: Duplex[] = [];
  readonly #joined = new Set<Duplex>();
  readonly #limits = new Set<Limit>();
  /** Whether an environment ended under its debugger, which then comes back. */
  #returning = false;
  #closed = false;

  constructor(functionArn: string, port: number, clock: Clock, onWanted: () => void) {
    this.functionArn = functionArn;
    this.#port = port;
    this.#clock = clock;
    this.#onWanted = onWanted;
  }

  /** The same function, whose environments can be debugged. */
  targetOf(target: FunctionTarget): FunctionTarget {
    let debugged = this.#targets.get(target);
    if (debugged === undefined) {
      debugged = { ...target, id: `${target.id}/debugged`, debug: this };
      this.#targets.set(target, debugged);
    }
    return debugged;
  }

  /** For an environment that begins. Pair with `leave`. */
  enter(endpoint: string): DebugAssignment {
    const token = randomBytes(24).toString('base64url');
    this.#environments.add(token);
    const wait = this.#returning;
    this.#returning = false;
    return { port: this.#port, endpoint, token, wait };
  }

  leave(token: string): void {
    this.#environments.delete(token);
  }

  has(token: string): boolean {
    return this.#environments.has(token);
  }

  /** As `clock.after`, but time stands still while a debugger is attached. */
  after(ms: number, over: () => void): () => void {
    const limit: Limit = { leftMs: ms, since: 0, over, cancel: undefined };
    this.#limits.add(limit);
    if (!this.#isAttached()) this.#run(limit);
    return () => {
      limit.cancel?.();
      this.#limits.delete(limit);
    };
  }

  /** A debugger's connection. It waits for an interpreter if it must. */
  attach(socket: Duplex): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    this.#waiting.push(socket);
    this.#stopLimits();
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      remove(this.#waiting, socket);
      this.#joined.delete(socket);
      this.#runLimits();
    });
    this.#join();
    if (this.#environments.size === 0) this.#onWanted();
  }

  /** A connection to the interpreter of environment `token`; `accept` is called before anything is sent on it. */
  offer(token: string, socket: Duplex, accept: () => void): void {
    const offer = { token, socket, accept };
    this.#offers.push(offer);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => remove(this.#offers, offer));
    this.#join();
  }

  close(): void {
    this.#closed = true;
    for (const socket of [...this.#waiting, ...this.#joined]) socket.destroy();
    for (const { socket } of this.#offers.splice(0)) socket.destroy();
    this.#runLimits();
  }

  #join(): void {
    const newest = [...this.#environments].at(-1);
    while (this.#waiting.length > 0) {
      const offer = this.#offers.find(({ token }) => token === newest);
      if (offer === undefined) return;
      remove(this.#offers, offer);
      this.#connect(this.#waiting.shift()!, offer.socket, offer.accept);
    }
  }

  #connect(outside: Duplex, inside: Duplex, accept: () => void): void {
    this.#joined.add(outside);
    accept();
    let debugging = false;
    let left = false;
    inside.once('data', (first: Buffer) => {
      debugging = !isVisit(first);
    });
    outside.once('close', () => {
      left = true;
      inside.destroy();
    });
    inside.once('close', () => {
      if (debugging && !left) this.#returning = true;
      outside.end();
    });
    outside.pipe(inside);
    inside.pipe(outside);
  }

  #isAttached(): boolean {
    return this.#waiting.length + this.#joined.size > 0;
  }

  #stopLimits(): void {
    for (const limit of this.#limits) {
      if (limit.cancel === undefined) continue;
      limit.cancel();
      limit.cancel = undefined;
      limit.leftMs -= this.#clock.monotonic() - limit.since;
    }
  }

  #runLimits(): void {
    if (this.#isAttached()) return;
    for (const limit of this.#limits) if (limit.cancel === undefined) this.#run(limit);
  }

  #run(limit: Limit): void {
    limit.since = this.#clock.monotonic();
    limit.cancel = this.#clock.after(Math.max(0, limit.leftMs), () => {
      this.#limits.delete(limit);
      limit.over();
    });
  }
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index !== -1) list.splice(index, 1);
}
