// The door of the data plane: give it an invocation, get its outcome.
import { Admission } from './invocation/admission.ts';
import type { Invocation, Outcome } from './invocation/invocation.ts';
import { type SubmitParts, submit } from './invocation/submit.ts';
import { Placement, type PlacementParts } from './placement/placement.ts';
import type { FunctionTarget } from './function-target.ts';

export type { LogSink } from './environment/environment-log.ts';
export type { RoleCredentials } from './environment/variables.ts';
export type { FunctionTarget, LoggingTarget } from './function-target.ts';
export {
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
  Outcome,
  ResponseSink,
  ThrottleReason,
  Usage,
} from './invocation/invocation.ts';
export { PrebootedPool } from './placement/prebooted-pool.ts';
export { maxResponseBytes } from './runtime-api/read-payload.ts';

export interface ExecutionParts extends PlacementParts, Pick<SubmitParts, 'onFinished'> {}

export class Execution {
  readonly #parts: ExecutionParts;
  readonly #admission = new Admission();
  readonly #placement: Placement;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
    this.#placement = new Placement(parts);
  }

  /** Runs an invocation to its end. Rejects only for faults of the platform or of the machine. */
  invoke(invocation: Invocation): Promise<Outcome> {
    const { clock, onFinished } = this.#parts;
    return submit(invocation, { admission: this.#admission, placement: this.#placement, clock, onFinished });
  }

  /** Ends the environments of targets that are outdated; resolves when they are gone. */
  retire(isOutdated: (target: FunctionTarget) => boolean): Promise<void> {
    return this.#placement.retire(isOutdated);
  }

  counts(): { running: number; environments: number; idle: number; ready: Record<string, number> } {
    return { running: this.#admission.running, ...this.#placement.counts(), ready: this.#parts.pool.counts() };
  }

  /** Waits up to `limitMs` for running invocations, then ends every environment. */
  async close(limitMs: number): Promise<void> {
    const { clock } = this.#parts;
    const giveUpAt = clock.monotonic() + limitMs;
    while (this.#admission.running > 0 && clock.monotonic() < giveUpAt) {
      await new Promise<void>((resolve) => setTimeout(resolve, 20));
    }
    await this.#parts.pool.close();
    await this.#placement.close();
  }
}
