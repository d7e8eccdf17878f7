// Which environment serves an invocation: the most recently used one that is idle, else a new one, whichever is free first.
import type { Clock } from '../../core/clock.ts';
import type { Environment, InitFailure } from '../environment/environment.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { TokenBuckets } from '../invocation/token-buckets.ts';
import { CrashLoops } from './crash-loops.ts';
import { type EnvironmentStarter, type FailedInit, InitFailedError } from './start-environment.ts';
import { NoRoomError, roomLimitMs, type StartGate } from './start-gate.ts';

export interface PlacementOptions {
  /** An idle environment ends after this time. */
  idleTimeoutMs: number;
}

/** AWS's bound on the init phase. */
export const initLimitMs = 10_000;
/** Environments that a function may gain at once, and per second: https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html */
const scalingBurst = 1_000;
const scalingPerSecond = 100;

/** The function has gained as many environments as it may in this time. */
export class ScalingRateError extends Error {
  override readonly name = 'ScalingRateError';
}

/** The version's init has failed again and again, and is not tried for this invocation. */
export class HeldBackError extends Error {
  override readonly name = 'HeldBackError';
  readonly last: FailedInit;
  constructor(last: FailedInit) {
    super('the function is not initialised for now');
    this.last = last;
  }
}

interface Waiter {
  /** Monotonic milliseconds. */
  since: number;
  resolve(environment: Environment): void;
  reject(error: unknown): void;
}

/** The environments of one target. */
interface Fleet {
  target: FunctionTarget;
  /** Most recently used last. */
  idle: { environment: Environment; cancelReaping: () => void }[];
  all: Set<Environment>;
  waiters: Waiter[];
  /** Environments that are being started for the waiters. */
  starting: number;
  /** Those that are, or are about to be, started for one invocation alone, whose first one could not be initialised. */
  restarting: number;
  /** Environments that serve no more, and whose processes are not gone yet. */
  ending: number;
  /** Set when the target is outdated: environments end at their release. */
  retired: boolean;
  /** Called once nothing of it is left. */
  onEmpty: (() => void)[];
}

export class Placement {
  readonly #starter: EnvironmentStarter;
  readonly #gate: StartGate;
  readonly #scaling: TokenBuckets;
  readonly #clock: Clock;
  readonly #options: PlacementOptions;
  readonly #crashLoops: CrashLoops;
  /** All idle environments, the longest unused first. */
  readonly #idle = new Set<Environment>();
  readonly #fleets = new Map<string, Fleet>();
  /** Whose fleet will be asked to restart. */
  readonly #fleetOfFailure = new WeakMap<InitFailedError, Fleet>();
  /** A retired fleet is in no map any more, but its environments still are its. */
  readonly #fleetOf = new WeakMap<Environment, Fleet>();

  constructor(
    starter: EnvironmentStarter,
    gate: StartGate,
    scaling: TokenBuckets,
    clock: Clock,
    options: PlacementOptions,
  ) {
    this.#starter = starter;
    this.#gate = gate;
    this.#scaling = scaling;
    this.#clock = clock;
    this.#options = options;
    this.#crashLoops = new CrashLoops(clock);
  }

  /**
   * An environment for one invocation, ready to be invoked. Rejects with InitFailedError, with HeldBackError, with
   * NoRoomError, or when none can be started; throws ScalingRateError.
   */
  place(target: FunctionTarget): Environment | Promise<Environment> {
    const fleet = this.#fleet(target);
    const free = fleet.idle.pop();
    if (free !== undefined) {
      free.cancelReaping();
      this.#idle.delete(free.environment);
      return free.environment;
    }
    const needsStart = fleet.starting <= fleet.waiters.length && mayStart(fleet);
    if (needsStart && !this.#scaling.take(target.functionArn, scalingPerSecond, scalingBurst)) {
      this.#forgetIfEmpty(fleet);
      throw new ScalingRateError('the function scales as fast as it may');
    }
    return new Promise((resolve, reject) => {
      fleet.waiters.push({ since: this.#clock.monotonic(), resolve, reject });
      if (needsStart) this.#startFor(fleet);
      this.#forgetIfEmpty(fleet);
    });
  }

  /** Gives an environment back after its invocation. */
  release(environment: Environment): void {
    const fleet = this.#fleetOf.get(environment)!;
    if (environment.hasCrashed) this.#died(fleet, environment.bornAt);
    else if (environment.state !== 'gone') this.#crashLoops.survived(fleet.target.id);
    // Only one that has served makes room: whoever waits for it would else wait for ever.
    if (environment.state !== 'gone' && this.#gate.claims(fleet.target.functionArn)) void environment.stop();
    if (environment.state !== 'gone') this.#offer(fleet, environment);
    // A waiter may have counted on it.
    else if (fleet.starting < fleet.waiters.length && mayStart(fleet)) this.#startFor(fleet);
  }

  /**
   * Starts an environment in the invoke phase, with the log stream of the attempt that failed. Called exactly once for
   * each InitFailedError that `place` rejects with: until then the target's code is not cleared away.
   */
  async restart(failed: InitFailedError, limitMs: number): Promise<Environment | InitFailure> {
    const fleet = this.#fleetOfFailure.get(failed)!;
    const startedAt = this.#clock.monotonic();
    try {
      const enrol = (environment: Environment) => this.#enrol(fleet, environment);
      const result = await this.#starter.startAgain(fleet.target, failed.log, limitMs, enrol);
      // One that takes too long is slow enough by itself.
      if ('status' in result && result.status === 'error') {
        this.#died(fleet, startedAt, { failure: result, log: failed.log });
      }
      return result;
    } finally {
      fleet.restarting -= 1;
      this.#forgetIfEmpty(fleet);
    }
  }

  /**
   * Ends the environments of outdated targets: idle ones now, busy ones when their invocation is over.
   * Resolves when they are gone. Invocations that already wait still get the version that they were sent to.
   */
  async retire(isOutdated: (target: FunctionTarget) => boolean): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const [id, fleet] of this.#fleets) {
      if (!isOutdated(fleet.target)) continue;
      fleet.retired = true;
      // Those that are just being started have no environment yet, those that end are in no list.
      ends.push(new Promise((resolve) => fleet.onEmpty.push(resolve)));
      this.#fleets.delete(id);
      for (const { environment, cancelReaping } of fleet.idle.splice(0)) {
        cancelReaping();
        void environment.stop();
      }
      this.#forgetIfEmpty(fleet);
    }
    await Promise.all(ends);
  }

  /** Ends idle environments, the longest unused first, until about `memoryMib` will come free. */
  evict(memoryMib: number): void {
    let freed = 0;
    for (const environment of this.#idle) {
      if (freed >= memoryMib) return;
      freed += this.#starter.memoryOf(environment);
      void environment.stop();
    }
  }

  /** How many environments there are, by what they do. */
  counts(): { environments: number; idle: number } {
    let environments = 0;
    let idle = 0;
    for (const fleet of this.#fleets.values()) {
      environments += fleet.all.size;
      idle += fleet.idle.length;
    }
    return { environments, idle };
  }

  async close(): Promise<void> {
    const fleets = [...this.#fleets.values()];
    this.#fleets.clear();
    await Promise.all(fleets.flatMap((fleet) => [...fleet.all].map((environment) => environment.stop())));
  }

  #died(fleet: Fleet, startedAt: number, failed?: FailedInit): void {
    this.#crashLoops.died(fleet.target.id, startedAt, failed);
    const last = this.#crashLoops.failureOf(fleet.target.id);
    if (last === undefined) return;
    for (const waiter of fleet.waiters.splice(0)) waiter.reject(new HeldBackError(last));
  }

  /** Starts an environment for the invocation that has waited longest, unless its version is held back. */
  #startFor(fleet: Fleet): void {
    const held = this.#crashLoops.heldBack(fleet.target.id);
    if (held === undefined) void this.#startNow(fleet);
    else if (held === 'crowded') fleet.waiters.shift()!.reject(new NoRoomError('too many wait for what ends at once'));
    else if ('failed' in held) fleet.waiters.shift()!.reject(new HeldBackError(held.failed));
    else {
      fleet.starting += 1;
      this.#clock.after(held.waitMs, () => {
        fleet.starting -= 1;
        void this.#startNow(fleet);
      });
    }
  }

  async #startNow(fleet: Fleet): Promise<void> {
    fleet.starting += 1;
    try {
      const environment = await this.#start(fleet);
      if (environment !== undefined) this.#offer(fleet, environment);
      else this.#scaling.giveBack(fleet.target.functionArn);
    } catch (error) {
      this.#startFailed(fleet, error);
    } finally {
      fleet.starting -= 1;
      // Whoever came while this start was ending has counted on it.
      if (fleet.starting < fleet.waiters.length && mayStart(fleet)) this.#startFor(fleet);
      this.#forgetIfEmpty(fleet);
    }
  }

  /** undefined when nobody waits any more: others came free while the interpreter was booting. */
  #start(fleet: Fleet): Promise<Environment | undefined> {
    return this.#starter.start({
      target: fleet.target,
      type: 'on-demand',
      limitMs: initLimitMs,
      isWanted: () => fleet.waiters.length > 0,
      enrol: (environment) => this.#enrol(fleet, environment),
    });
  }

  #startFailed(fleet: Fleet, error: unknown): void {
    // Whoever came while this start waited for room has not waited as long.
    const isEarly = (waiter: Waiter) =>
      error instanceof NoRoomError && this.#clock.monotonic() - waiter.since < roomLimitMs && this.#gate.isShort;
    if (fleet.waiters.length === 0 || isEarly(fleet.waiters[0]!)) return;
    if (error instanceof InitFailedError) {
      fleet.restarting += 1;
      this.#fleetOfFailure.set(error, fleet);
    }
    fleet.waiters.shift()!.reject(error);
  }

  #enrol(fleet: Fleet, environment: Environment): void {
    fleet.all.add(environment);
    this.#fleetOf.set(environment, fleet);
    environment.onGone = () => {
      fleet.all.delete(environment);
      fleet.ending += 1;
      void environment.gone.then(() => {
        fleet.ending -= 1;
        this.#forgetIfEmpty(fleet);
      });
      const index = fleet.idle.findIndex((entry) => entry.environment === environment);
      if (index !== -1) fleet.idle.splice(index, 1)[0]!.cancelReaping();
      this.#idle.delete(environment);
    };
  }

  #offer(fleet: Fleet, environment: Environment): void {
    const waiter = fleet.waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve(environment);
      return;
    }
    if (fleet.retired || this.#gate.isShort) {
      void environment.stop();
      return;
    }
    const cancelReaping = this.#clock.after(this.#options.idleTimeoutMs, () => void environment.stop());
    fleet.idle.push({ environment, cancelReaping });
    this.#idle.add(environment);
  }

  #fleet(target: FunctionTarget): Fleet {
    let fleet = this.#fleets.get(target.id);
    if (fleet === undefined) {
      fleet = {
        target,
        idle: [],
        all: new Set(),
        waiters: [],
        starting: 0,
        restarting: 0,
        ending: 0,
        retired: false,
        onEmpty: [],
      };
      this.#fleets.set(target.id, fleet);
    }
    return fleet;
  }

  #forgetIfEmpty(fleet: Fleet): void {
    if (fleet.all.size + fleet.waiters.length + fleet.starting + fleet.restarting + fleet.ending > 0) return;
    if (this.#fleets.get(fleet.target.id) === fleet) this.#fleets.delete(fleet.target.id);
    for (const tell of fleet.onEmpty.splice(0)) tell();
  }
}

/** A function that is debugged runs in one environment at a time, so that it is clear which one the debugger sees. */
function mayStart({ target, all, starting, restarting }: Fleet): boolean {
  return target.debug === undefined || all.size + starting + restarting === 0;
}
