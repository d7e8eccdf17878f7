// Which environment serves an invocation: the most recently used one that is idle, else a new one, whichever is free first.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import { Environment, type EnvironmentParts, type InitFailure } from '../environment/environment.ts';
import { EnvironmentLog, type LogSink, type RuntimeVersion } from '../environment/environment-log.ts';
import type { RoleCredentials } from '../environment/variables.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { PinnedVersion, ResolvedRuntime } from '../interpreters/index.ts';
import type { PrebootedPool } from './prebooted-pool.ts';

export interface PlacementParts extends EnvironmentParts {
  pool: PrebootedPool;
  clock: Clock;
  ids: Ids;
  logs: LogSink;
  /** The interpreter for a runtime; rejects when the machine has none. */
  resolveRuntime(runtime: string, pinned?: PinnedVersion): Promise<ResolvedRuntime>;
  /** Credentials of the execution role. */
  credentialsOf(target: FunctionTarget): Promise<RoleCredentials>;
  /** An idle environment ends after this time. */
  idleTimeoutMs: number;
}

/** AWS's bound on the init phase. */
export const initLimitMs = 10_000;

/** An environment that could not be initialised, for the one invocation that it was started for. */
export class InitFailedError extends Error {
  override readonly name = 'InitFailedError';
  readonly failure: InitFailure;
  readonly log: EnvironmentLog;
  constructor(failure: InitFailure, log: EnvironmentLog) {
    super('the function could not be initialised');
    this.failure = failure;
    this.log = log;
  }
}

interface Waiter {
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
  readonly #parts: PlacementParts;
  readonly #fleets = new Map<string, Fleet>();
  /** Whose fleet will be asked to restart. */
  readonly #fleetOfFailure = new WeakMap<InitFailedError, Fleet>();
  /** A retired fleet is in no map any more, but its environments still are its. */
  readonly #fleetOf = new WeakMap<Environment, Fleet>();

  constructor(parts: PlacementParts) {
    this.#parts = parts;
  }

  /** An environment for one invocation, ready to be invoked. Rejects with InitFailedError, or when none can be started. */
  place(target: FunctionTarget): Environment | Promise<Environment> {
    const fleet = this.#fleet(target);
    const free = fleet.idle.pop();
    if (free !== undefined) {
      free.cancelReaping();
      return free.environment;
    }
    return new Promise((resolve, reject) => {
      fleet.waiters.push({ resolve, reject });
      if (fleet.starting < fleet.waiters.length) void this.#startFor(fleet);
    });
  }

  /** Gives an environment back after its invocation. */
  release(environment: Environment): void {
    const fleet = this.#fleetOf.get(environment)!;
    if (environment.state !== 'gone') this.#offer(fleet, environment);
    // A waiter may have counted on it.
    else if (fleet.starting < fleet.waiters.length) void this.#startFor(fleet);
  }

  /**
   * Starts an environment in the invoke phase, with the log stream of the attempt that failed. Called exactly once for
   * each InitFailedError that `place` rejects with: until then the target's code is not cleared away.
   */
  async restart(failed: InitFailedError, limitMs: number): Promise<Environment | InitFailure> {
    const fleet = this.#fleetOfFailure.get(failed)!;
    const { target } = fleet;
    const { log } = failed;
    try {
      const build = await this.#parts.resolveRuntime(target.runtime, target.pinnedVersion);
      const credentials = await this.#parts.credentialsOf(target);
      const sandbox = await this.#parts.pool.take(build);
      const environment = new Environment(sandbox, build, target, log, this.#parts);
      this.#enrol(fleet, environment);
      return (await environment.initialize(credentials, limitMs)) ?? environment;
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

  async #startFor(fleet: Fleet): Promise<void> {
    fleet.starting += 1;
    try {
      const environment = await this.#start(fleet);
      if (environment !== undefined) this.#offer(fleet, environment);
    } catch (error) {
      const waiter = fleet.waiters.shift();
      if (waiter !== undefined && error instanceof InitFailedError) {
        fleet.restarting += 1;
        this.#fleetOfFailure.set(error, fleet);
      }
      waiter?.reject(error);
    } finally {
      fleet.starting -= 1;
      // Whoever came while this start was ending has counted on it.
      if (fleet.starting < fleet.waiters.length) void this.#startFor(fleet);
      this.#forgetIfEmpty(fleet);
    }
  }

  /** undefined when nobody waits any more: others came free while the interpreter was booting. */
  async #start(fleet: Fleet): Promise<Environment | undefined> {
    const { pool, ids, clock, logs } = this.#parts;
    const { target } = fleet;
    const build = await this.#parts.resolveRuntime(target.runtime, target.pinnedVersion);
    const credentials = await this.#parts.credentialsOf(target);
    const sandbox = await pool.take(build);
    if (fleet.waiters.length === 0) {
      pool.giveBack(build, sandbox);
      return undefined;
    }
    const log = new EnvironmentLog(target, logs, clock, ids.hex(16));
    const environment = new Environment(sandbox, build, target, log, this.#parts);
    this.#enrol(fleet, environment);
    log.initStart(runtimeVersionOf(build, target));
    const startedAt = clock.monotonic();
    const failure = await environment.initialize(credentials, initLimitMs);
    if (failure === undefined) return environment;
    log.initFailed({
      durationMs: clock.monotonic() - startedAt,
      phase: 'init',
      status: failure.status,
      errorType: failure.status === 'timeout' ? undefined : failure.errorType,
    });
    throw new InitFailedError(failure, log);
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
    };
  }

  #offer(fleet: Fleet, environment: Environment): void {
    const waiter = fleet.waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve(environment);
      return;
    }
    if (fleet.retired) {
      void environment.stop();
      return;
    }
    const cancelReaping = this.#parts.clock.after(this.#parts.idleTimeoutMs, () => void environment.stop());
    fleet.idle.push({ environment, cancelReaping });
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

function runtimeVersionOf(build: ResolvedRuntime, target: FunctionTarget): RuntimeVersion {
  const notice = build.exact ? '' : ` (${build.version}, in place of ${target.runtime})`;
  return {
    label: `${build.versionLabel}${notice}`,
    arn: `arn:aws:lambda:${target.region}::runtime:${build.versionHash}`,
  };
}
