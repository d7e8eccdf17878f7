// Environments that are initialised ahead of invocations and kept: started, replaced, let go as versions and aliases ask.
import type { Clock } from '../../core/clock.ts';
import type { Environment } from '../environment/environment.ts';
import type { FunctionTarget } from '../function-target.ts';
import { type EnvironmentStarter, InitFailedError } from './start-environment.ts';

/** What a version or an alias wants to be kept for it. */
export interface Provision {
  account: string;
  region: string;
  functionName: string;
  /** Version or alias. */
  qualifier: string;
  /** Epoch milliseconds of the request; another one is a new request. */
  requestedAt: number;
  /** One for each version that it stands for: an alias may stand for two. */
  shares: readonly ProvisionedShare[];
}

export interface ProvisionedShare {
  target: FunctionTarget;
  executions: number;
  /** Makes sure that the target's code is there. A rejection's message becomes the reason why nothing is kept. */
  prepare(): Promise<void>;
}

/** What is really there of a provision. */
export interface ProvisionedState {
  requestedAt: number;
  /** Environments that have been made for it, those that are just being replaced included. */
  allocated: number;
  /** Environments that are initialised, whether they serve an invocation or wait for one. */
  available: number;
  inUse: number;
  /** Whether the work that the request asked for is over. */
  isSettled: boolean;
  /** Why it could not be done. */
  failure: string | undefined;
}

/** How many environments a provision keeps of one of its versions. */
export interface KeptVersion {
  target: FunctionTarget;
  allocated: number;
}

/** AWS takes a minute or two of preparation; whoever looks right after asking sees none, here as well. */
export const provisioningLeadMs = 500;
/** AWS's bound on an init ahead of invocations, unless the function may run for longer than that. */
const initLimitMs = 130_000;
/** Credentials in an environment's variables last twelve hours: it is replaced long before. */
const lifeMs = 6 * 3_600_000;
/** How often an init that fails is tried before the request has failed, and how long a replacement waits at least and at most. */
const initAttempts = 2;
const retryMinMs = 1_000;
const retryMaxMs = 60_000;

/** The environments that one provision keeps of one version. */
interface Kept {
  target: FunctionTarget;
  prepare(): Promise<void>;
  wanted: number;
  /** How many of those wanted there have been at a time. */
  filled: number;
  live: Map<Environment, { isOld: boolean; cancelAging: () => void; since: number }>;
  /** Most recently used last. */
  idle: Environment[];
  starting: number;
  /** Environments whose processes are there. */
  present: number;
  failures: number;
  failure: string | undefined;
  cancelRetry: (() => void) | undefined;
  onEmpty: (() => void)[];
}

interface Held {
  provision: Provision;
  /** By target id. */
  kept: Map<string, Kept>;
  hasBegun: boolean;
  cancelLead: () => void;
}

export class ProvisionedEnvironments {
  readonly #starter: EnvironmentStarter;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  /** All that have environments, those that no provision wants any more included. */
  readonly #all = new Set<Kept>();
  readonly #keptOf = new WeakMap<Environment, Kept>();
  readonly #ofFunction = new Map<string, Set<Held>>();
  #closed = false;

  constructor(starter: EnvironmentStarter, clock: Clock) {
    this.#starter = starter;
    this.#clock = clock;
  }

  /** Keeps what `provision` says from now on, in place of what its qualifier had before. */
  provision(provision: Provision): void {
    const key = keyOf(provision, provision.qualifier);
    let held = this.#held.get(key);
    if (held === undefined) {
      held = { provision, kept: new Map(), hasBegun: false, cancelLead: () => {} };
      this.#held.set(key, held);
      const ofFunction = this.#ofFunction.get(functionKeyOf(provision)) ?? new Set();
      this.#ofFunction.set(functionKeyOf(provision), ofFunction.add(held));
    }
    const isNew = !held.hasBegun || held.provision.requestedAt !== provision.requestedAt;
    held.provision = provision;
    for (const [id, kept] of held.kept) {
      if (provision.shares.some(({ target }) => target.id === id)) continue;
      held.kept.delete(id);
      this.#want(kept, 0);
    }
    for (const { target, executions, prepare } of provision.shares) {
      let kept = held.kept.get(target.id);
      if (kept === undefined) {
        kept = newKept(target, prepare);
        held.kept.set(target.id, kept);
      }
      if (isNew) {
        kept.failure = undefined;
        kept.failures = 0;
      }
      this.#want(kept, executions);
    }
    // An alias that moved is not asked to wait again.
    if (!isNew) {
      for (const kept of held.kept.values()) void this.#fill(kept);
      return;
    }
    held.cancelLead();
    held.hasBegun = false;
    held.cancelLead = this.#clock.after(provisioningLeadMs, () => {
      held.hasBegun = true;
      for (const kept of held.kept.values()) void this.#fill(kept);
    });
  }

  /** Keeps nothing for a version or an alias any more; environments that serve an invocation end after it. */
  unprovision(of: Pick<Provision, 'account' | 'region' | 'functionName'>, qualifier: string): void {
    const key = keyOf(of, qualifier);
    const held = this.#held.get(key);
    if (held === undefined) return;
    held.cancelLead();
    this.#held.delete(key);
    const ofFunction = this.#ofFunction.get(functionKeyOf(of))!;
    ofFunction.delete(held);
    if (ofFunction.size === 0) this.#ofFunction.delete(functionKeyOf(of));
    for (const kept of held.kept.values()) this.#want(kept, 0);
  }

  /** Undefined when nothing is kept for it. */
  state(of: Pick<Provision, 'account' | 'region' | 'functionName'>, qualifier: string): ProvisionedState | undefined {
    const held = this.#held.get(keyOf(of, qualifier));
    return held === undefined ? undefined : stateOf(held);
  }

  /** The qualifiers of a function for which anything is kept. */
  qualifiers(of: Pick<Provision, 'account' | 'region' | 'functionName'>): string[] {
    return [...(this.#ofFunction.get(functionKeyOf(of)) ?? [])].map(({ provision }) => provision.qualifier);
  }

  /** How many environments are kept for a function as a whole. */
  allocatedOf(of: Pick<Provision, 'account' | 'region' | 'functionName'>): number {
    let sum = 0;
    for (const held of this.#ofFunction.get(functionKeyOf(of)) ?? []) {
      for (const kept of held.kept.values()) sum += allocated(kept);
    }
    return sum;
  }

  /** What is kept of a version for a qualifier: how many there are, and whether one of them is free. */
  keptFor(target: FunctionTarget, qualifier: string): { allocated: number; isFree: boolean } {
    const kept = this.#held.get(keyOf(target, qualifier))?.kept.get(target.id);
    return kept === undefined
      ? { allocated: 0, isFree: false }
      : { allocated: allocated(kept), isFree: kept.idle.length > 0 };
  }

  /** One that `keptFor` said is free. */
  take(target: FunctionTarget, qualifier: string): Environment {
    return this.#held.get(keyOf(target, qualifier))!.kept.get(target.id)!.idle.pop()!;
  }

  /** Gives an environment back after its invocation. */
  release(environment: Environment): void {
    const kept = this.#keptOf.get(environment)!;
    const life = kept.live.get(environment);
    if (life === undefined) return;
    if (life.isOld || kept.live.size > kept.wanted) void environment.stop();
    else kept.idle.push(environment);
  }

  /**
   * Resolves when environments of outdated targets are gone that nobody asks for any more. Those that are asked for end
   * when their provision changes.
   */
  async retire(isOutdated: (target: FunctionTarget) => boolean): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const kept of this.#all) {
      if (kept.wanted > 0 || !isOutdated(kept.target)) continue;
      ends.push(new Promise((resolve) => kept.onEmpty.push(resolve)));
      this.#forgetIfEmpty(kept);
    }
    await Promise.all(ends);
  }

  counts(): { environments: number; idle: number } {
    let environments = 0;
    let idle = 0;
    for (const kept of this.#all) {
      environments += kept.live.size;
      idle += kept.idle.length;
    }
    return { environments, idle };
  }

  /** Everything that is kept, for whoever measures it. */
  *list(): Iterable<{ provision: Provision; state: ProvisionedState; kept: KeptVersion[] }> {
    for (const held of this.#held.values()) {
      const kept = [...held.kept.values()].map((each) => ({ target: each.target, allocated: allocated(each) }));
      yield { provision: held.provision, state: stateOf(held), kept };
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const held of this.#held.values()) held.cancelLead();
    this.#held.clear();
    const environments = [...this.#all].flatMap(({ live }) => [...live.keys()]);
    for (const kept of this.#all) this.#want(kept, 0);
    await Promise.all(environments.map((environment) => environment.stop()));
  }

  #want(kept: Kept, wanted: number): void {
    kept.wanted = wanted;
    if (wanted > 0) this.#all.add(kept);
    kept.filled = Math.min(kept.filled, kept.wanted);
    if (kept.wanted === 0) kept.cancelRetry?.();
    while (kept.live.size > kept.wanted && kept.idle.length > 0) void kept.idle[0]!.stop();
    this.#forgetIfEmpty(kept);
  }

  async #fill(kept: Kept): Promise<void> {
    if (kept.failure !== undefined || kept.cancelRetry !== undefined || lacking(kept) <= 0) return;
    // Counted as one that starts: until its code is there nobody else is to fetch it.
    kept.starting += 1;
    try {
      await kept.prepare();
    } catch (error) {
      kept.failure = (error as Error).message;
    } finally {
      kept.starting -= 1;
    }
    if (kept.failure === undefined) while (lacking(kept) > 0 && !this.#closed) void this.#start(kept);
    this.#forgetIfEmpty(kept);
  }

  async #start(kept: Kept): Promise<void> {
    kept.starting += 1;
    try {
      const environment = await this.#starter.start({
        target: kept.target,
        type: 'provisioned-concurrency',
        limitMs: Math.max(initLimitMs, kept.target.timeoutMs),
        isWanted: () => !this.#closed && kept.live.size < kept.wanted,
        enrol: (started) => this.#enrol(kept, started),
      });
      kept.starting -= 1;
      if (environment !== undefined) this.#keep(kept, environment);
    } catch (error) {
      kept.starting -= 1;
      this.#fail(kept, error);
    }
    this.#forgetIfEmpty(kept);
  }

  #enrol(kept: Kept, environment: Environment): void {
    this.#keptOf.set(environment, kept);
    kept.present += 1;
    environment.onGone = () => this.#lose(kept, environment);
    void environment.gone.then(() => {
      kept.present -= 1;
      this.#forgetIfEmpty(kept);
    });
  }

  #keep(kept: Kept, environment: Environment): void {
    // It may have ended by itself in the meantime.
    if (environment.state === 'gone') {
      this.#replaceLater(kept);
      return;
    }
    const since = this.#clock.monotonic();
    const cancelAging = this.#clock.after(lifeMs, () => {
      kept.live.get(environment)!.isOld = true;
      if (kept.idle.includes(environment)) void environment.stop();
    });
    kept.live.set(environment, { isOld: false, cancelAging, since });
    kept.failures = 0;
    if (kept.live.size > kept.wanted) {
      void environment.stop();
      return;
    }
    kept.filled = Math.max(kept.filled, kept.live.size);
    kept.idle.push(environment);
  }

  #lose(kept: Kept, environment: Environment): void {
    const life = kept.live.get(environment);
    if (life === undefined) return;
    life.cancelAging();
    kept.live.delete(environment);
    const index = kept.idle.indexOf(environment);
    if (index !== -1) kept.idle.splice(index, 1);
    if (this.#closed || lacking(kept) <= 0) return;
    // What ends as soon as it has started would else be started without end.
    if (this.#clock.monotonic() - life.since < retryMinMs) this.#replaceLater(kept);
    else void this.#fill(kept);
  }

  #fail(kept: Kept, error: unknown): void {
    if (this.#closed || kept.wanted === 0) return;
    kept.failures += 1;
    const wasReady = kept.filled >= kept.wanted;
    const isInit = error instanceof InitFailedError;
    if (wasReady || (isInit && kept.failures < initAttempts)) this.#replaceLater(kept);
    else kept.failure ??= isInit ? 'FUNCTION_ERROR_INIT_FAILURE' : (error as Error).message;
  }

  #replaceLater(kept: Kept): void {
    if (kept.cancelRetry !== undefined || kept.wanted === 0 || this.#closed) return;
    const cancel = this.#clock.after(Math.min(retryMaxMs, retryMinMs * 2 ** kept.failures), () => {
      kept.cancelRetry = undefined;
      void this.#fill(kept);
    });
    kept.cancelRetry = () => {
      cancel();
      kept.cancelRetry = undefined;
    };
  }

  #forgetIfEmpty(kept: Kept): void {
    if (kept.live.size + kept.starting + kept.present > 0) return;
    if (kept.wanted === 0) this.#all.delete(kept);
    for (const tell of kept.onEmpty.splice(0)) tell();
  }
}

function newKept(target: FunctionTarget, prepare: () => Promise<void>): Kept {
  return {
    target,
    prepare,
    wanted: 0,
    filled: 0,
    live: new Map(),
    idle: [],
    starting: 0,
    present: 0,
    failures: 0,
    failure: undefined,
    cancelRetry: undefined,
    onEmpty: [],
  };
}

function lacking({ wanted, live, starting }: Kept): number {
  return wanted - live.size - starting;
}

function allocated({ wanted, filled }: Kept): number {
  return Math.min(wanted, filled);
}

function stateOf({ provision, kept, hasBegun }: Held): ProvisionedState {
  const all = [...kept.values()];
  const sum = (of: (each: Kept) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    requestedAt: provision.requestedAt,
    allocated: sum(allocated),
    available: sum(({ live, wanted }) => Math.min(live.size, wanted)),
    inUse: sum(({ live, idle }) => live.size - idle.length),
    isSettled: hasBegun && all.every((each) => allocated(each) === each.wanted),
    failure: all.find(({ failure }) => failure !== undefined)?.failure,
  };
}

function functionKeyOf({ account, region, functionName }: Pick<Provision, 'account' | 'region' | 'functionName'>) {
  return `${account}/${region}/${functionName}`;
}

function keyOf(of: Pick<Provision, 'account' | 'region' | 'functionName'>, qualifier: string): string {
  return `${functionKeyOf(of)}:${qualifier}`;
}
