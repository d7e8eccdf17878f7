// The door of the data plane: give it an invocation, get its outcome.
import type { DebugSession } from './debugging/debug-session.ts';
import { DebugSessions } from './debugging/debug-sessions.ts';
import { Admission, type RunningInAccount } from './invocation/admission.ts';
import type { Invocation, Outcome } from './invocation/invocation.ts';
import { type SubmitParts, submit } from './invocation/submit.ts';
import { TokenBuckets } from './invocation/token-buckets.ts';
import { Placement, type PlacementOptions } from './placement/placement.ts';
import {
  type KeptVersion,
  type Provision,
  ProvisionedEnvironments,
  type ProvisionedState,
} from './placement/provisioned.ts';
import { EnvironmentStarter, type StartParts } from './placement/start-environment.ts';
import { StartGate, type StartGateOptions } from './placement/start-gate.ts';
import type { FunctionTarget } from './function-target.ts';

export {
  backOffMs,
  type Disposition,
  type EventHandler,
  EventQueue,
  type EventQueueParts,
  type NewEvent,
  type QueuedEvent,
} from './event-queue/index.ts';
export type { LogSink } from './environment/environment-log.ts';
export type { RoleCredentials } from './environment/variables.ts';
export type { DebugSession } from './debugging/debug-session.ts';
export type { DebugSessions } from './debugging/debug-sessions.ts';
export type { FunctionTarget, LoggingTarget } from './function-target.ts';
export {
  buildForFunction,
  findInterpreters,
  InterpreterMissingError,
  type Interpreters,
  type PinnedVersion,
  type ResolvedRuntime,
} from './interpreters/index.ts';
export type {
  ConcurrencyAllowance,
  FinishedInvocation,
  Invocation,
  InvocationPhases,
  InvocationTrace,
  Outcome,
  ResponseSink,
  ThrottleReason,
  Usage,
} from './invocation/invocation.ts';
export type { RunningInAccount } from './invocation/admission.ts';
export { startingOptions } from './placement/machine-memory.ts';
export type { Provision, ProvisionedShare, ProvisionedState } from './placement/provisioned.ts';
export { PrebootedPool } from './placement/prebooted-pool.ts';
export { maxResponseBytes, readPayload } from './runtime-api/read-payload.ts';

export interface ExecutionParts extends StartParts, PlacementOptions, Pick<SubmitParts, 'onFinished'> {
  starting: StartGateOptions;
}

/** The function that a provision is of. */
type OfFunction = Pick<Provision, 'account' | 'region' | 'functionName'>;

/** What runs at one moment, for whoever measures it. */
export interface ConcurrencySnapshot {
  running: RunningInAccount[];
  /** For each version and alias that has provisioned concurrency. */
  provisioned: (OfFunction & { qualifier: string; allocated: number; inUse: number; kept: KeptVersion[] })[];
}

export class Execution {
  readonly #parts: ExecutionParts;
  readonly #admission: Admission;
  readonly #placement: Placement;
  readonly #provisioned: ProvisionedEnvironments;
  /** Functions that somebody debugs. */
  readonly debugging: DebugSessions;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
    const { clock } = parts;
    this.#admission = new Admission(clock);
    this.debugging = new DebugSessions(clock);
    const gate = new StartGate(parts.starting, clock, (memoryMib) => this.#placement.evict(memoryMib));
    const starter = new EnvironmentStarter(parts, gate);
    this.#placement = new Placement(starter, gate, new TokenBuckets(clock), clock, parts);
    this.#provisioned = new ProvisionedEnvironments(starter, clock);
  }

  /** Runs an invocation to its end. Rejects only for faults of the platform or of the machine. */
  invoke(invocation: Invocation): Promise<Outcome> {
    const { clock, billingGranularity, onFinished } = this.#parts;
    const [admission, placement, provisioned] = [this.#admission, this.#placement, this.#provisioned];
    const target = this.debugging.targetOf(invocation.target);
    const placed = target === invocation.target ? invocation : { ...invocation, target };
    return submit(placed, { admission, placement, provisioned, clock, billingGranularity, onFinished });
  }

  /** Starts an environment of a function that is debugged, unless it has one: the debugger then finds it ahead of events. */
  async startDebugged(target: FunctionTarget): Promise<void> {
    const environment = await this.#placement.place(this.debugging.targetOf(target));
    this.#placement.release(environment);
  }

  /** Nobody debugs it any more: its environments end. */
  async endDebugging(session: DebugSession): Promise<void> {
    this.debugging.close(session);
    await this.#placement.retire((target) => target.debug === session);
  }

  /** Keeps environments initialised ahead of invocations, in place of what its qualifier had before. */
  provision(provision: Provision): void {
    this.#provisioned.provision(provision);
  }

  /** Keeps none for `qualifier` any more. */
  unprovision(of: OfFunction, qualifier: string): void {
    this.#provisioned.unprovision(of, qualifier);
  }

  /** What is really there of a provision; undefined for none. */
  provisioned(of: OfFunction, qualifier: string): ProvisionedState | undefined {
    return this.#provisioned.state(of, qualifier);
  }

  /** The qualifiers of a function for which environments are kept. */
  provisionedQualifiers(of: OfFunction): string[] {
    return this.#provisioned.qualifiers(of);
  }

  concurrency(): ConcurrencySnapshot {
    const provisioned = Array.from(this.#provisioned.list(), ({ provision, state, kept }) => {
      const { account, region, functionName, qualifier } = provision;
      return { account, region, functionName, qualifier, allocated: state.allocated, inUse: state.inUse, kept };
    });
    return { running: this.#admission.snapshot(), provisioned };
  }

  /** Ends the environments of targets that are outdated; resolves when they are gone. */
  async retire(isOutdated: (target: FunctionTarget) => boolean): Promise<void> {
    await Promise.all([this.#placement.retire(isOutdated), this.#provisioned.retire(isOutdated)]);
  }

  /** Invocations that run now. */
  get running(): number {
    return this.#admission.running;
  }

  counts(): { running: number; environments: number; idle: number; ready: Record<string, number> } {
    const [onDemand, provisioned] = [this.#placement.counts(), this.#provisioned.counts()];
    return {
      running: this.#admission.running,
      environments: onDemand.environments + provisioned.environments,
      idle: onDemand.idle + provisioned.idle,
      ready: this.#parts.pool.counts(),
    };
  }

  /** Waits up to `limitMs` for running invocations, then ends every environment. */
  async close(limitMs: number): Promise<void> {
    const { clock } = this.#parts;
    const giveUpAt = clock.monotonic() + limitMs;
    while (this.#admission.running > 0 && clock.monotonic() < giveUpAt) {
      await new Promise<void>((resolve) => setTimeout(resolve, 20));
    }
    await this.#parts.pool.close();
    await Promise.all([this.#placement.close(), this.#provisioned.close()]);
  }
}
