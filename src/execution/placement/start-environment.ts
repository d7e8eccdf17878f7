// Starts an environment of a function version: a place for it, an interpreter, its log, its initialisation.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import { Environment, type EnvironmentParts, type InitFailure } from '../environment/environment.ts';
import {
  EnvironmentLog,
  type InitializationType,
  type LogSink,
  type RuntimeVersion,
} from '../environment/environment-log.ts';
import { extensionFilesOf } from '../environment/extension-files.ts';
import type { RoleCredentials } from '../environment/variables.ts';
import type { FunctionTarget } from '../function-target.ts';
import { buildForFunction, type PinnedVersion, withCompanion, type ResolvedRuntime } from '../interpreters/index.ts';
import type { PrebootedPool } from './prebooted-pool.ts';
import type { Place, StartGate } from './start-gate.ts';

export interface StartParts extends EnvironmentParts {
  pool: PrebootedPool;
  clock: Clock;
  ids: Ids;
  logs: LogSink;
  /** The interpreter for a runtime; rejects when the machine has none. */
  resolveRuntime(runtime: string, pinned?: PinnedVersion): Promise<ResolvedRuntime>;
  /** Credentials of the execution role. */
  credentialsOf(target: FunctionTarget): Promise<RoleCredentials>;
}

/** How an init failed, and the log of the environment in which it did. */
export interface FailedInit {
  failure: InitFailure;
  log: EnvironmentLog;
}

/** An environment that could not be initialised, for the one invocation that it was started for. */
export class InitFailedError extends Error implements FailedInit {
  override readonly name = 'InitFailedError';
  readonly failure: InitFailure;
  readonly log: EnvironmentLog;
  constructor(failure: InitFailure, log: EnvironmentLog) {
    super('the function could not be initialised');
    this.failure = failure;
    this.log = log;
  }
}

export interface Start {
  target: FunctionTarget;
  type: InitializationType;
  /** How long its initialisation may take. */
  limitMs: number;
  /** Asked when its turn has come: whether it is still to be started. */
  isWanted(): boolean;
  /** Told of the environment before it is initialised. */
  enrol(environment: Environment): void;
}

/** What an environment takes as long as nothing is known of its function. */
const unknownMib = 64;
/** What it may come to take before it is measured again. */
const headRoomMib = 16;

export class EnvironmentStarter {
  readonly #parts: StartParts;
  readonly #gate: StartGate;
  /** What environments of a function version took when one was measured last. */
  readonly #expectedMib = new WeakMap<FunctionTarget, number>();
  readonly #places = new WeakMap<Environment, Place>();

  constructor(parts: StartParts, gate: StartGate) {
    this.#parts = parts;
    this.#gate = gate;
  }

  /**
   * An environment that is ready to be invoked; undefined when it was not wanted any more. Rejects with InitFailedError,
   * with NoRoomError, or when none can be started.
   */
  async start({ target, type, limitMs, isWanted, enrol }: Start): Promise<Environment | undefined> {
    const { pool, ids, clock, logs } = this.#parts;
    const { build, files } = await this.#build(target);
    const credentials = await this.#parts.credentialsOf(target);
    const place = await this.#gate.enter(target.functionArn, this.#expected(target));
    let environment: Environment;
    try {
      const sandbox = isWanted() ? await pool.take(build) : undefined;
      if (sandbox === undefined || !isWanted()) {
        if (sandbox !== undefined) pool.giveBack(build, sandbox);
        place.leave();
        return undefined;
      }
      const log = new EnvironmentLog(target, logs, clock, ids.hex(16), type);
      environment = new Environment(sandbox, build, target, log, this.#parts, files);
    } catch (error) {
      place.leave();
      throw error;
    }
    const { log } = environment;
    this.#settle(environment, place);
    enrol(environment);
    log.initStart(runtimeVersionOf(build, target));
    const startedAt = clock.monotonic();
    const failure = await environment.initialize(credentials, limitMs);
    if (failure === undefined) {
      place.started();
      return environment;
    }
    log.initFailed({
      durationMs: clock.monotonic() - startedAt,
      phase: 'init',
      status: failure.status,
      errorType: failure.status === 'timeout' ? undefined : failure.errorType,
    });
    throw new InitFailedError(failure, log);
  }

  /** Starts one in the invoke phase, with the log stream of the attempt that failed; it waits for no room. */
  async startAgain(
    target: FunctionTarget,
    log: EnvironmentLog,
    limitMs: number,
    enrol: (environment: Environment) => void,
  ): Promise<Environment | InitFailure> {
    const { build, files } = await this.#build(target);
    const credentials = await this.#parts.credentialsOf(target);
    const sandbox = await this.#parts.pool.take(build);
    log.initRepeated();
    const environment = new Environment(sandbox, build, target, log, this.#parts, files);
    const place = this.#gate.enterNow(target.functionArn, this.#expected(target));
    this.#settle(environment, place);
    enrol(environment);
    const failure = await environment.initialize(credentials, limitMs);
    place.started();
    return failure ?? environment;
  }

  /** What an environment is taken to take. */
  memoryOf(environment: Environment): number {
    return this.#places.get(environment)!.memoryMib;
  }

  /** What serves a version, and the names of its external extensions. */
  async #build(target: FunctionTarget): Promise<{ build: ResolvedRuntime; files: readonly string[] }> {
    const resolved = await this.#parts.resolveRuntime(target.runtime, target.pinnedVersion);
    const build = buildForFunction(resolved, target);
    const found = extensionFilesOf(target);
    const files = found instanceof Promise ? await found : found;
    return { build: files.length === 0 ? build : withCompanion(build), files };
  }

  #expected(target: FunctionTarget): number {
    return this.#expectedMib.get(target) ?? Math.min(target.memoryMib, unknownMib);
  }

  /** Keeps the place as long as the environment lasts, for what that takes whenever it comes to rest. */
  #settle(environment: Environment, place: Place): void {
    const { target } = environment;
    this.#places.set(environment, place);
    environment.onRest = (usedMib) => {
      const expected = Math.min(target.memoryMib, Math.ceil(usedMib) + headRoomMib);
      this.#expectedMib.set(target, expected);
      place.charge(expected);
    };
    environment.onEnding = () => place.ending();
    void environment.gone.then(() => place.leave());
  }
}

function runtimeVersionOf(build: ResolvedRuntime, target: FunctionTarget): RuntimeVersion {
  const notice = build.exact ? '' : ` (${build.version}, in place of ${target.runtime})`;
  return {
    label: `${build.versionLabel}${notice}`,
    arn: `arn:aws:lambda:${target.region}::runtime:${build.versionHash}`,
  };
}
