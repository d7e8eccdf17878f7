// What a poller has to know of its function: as which role it acts, and how long the function may take.
import type { PolledMapping, PollerParts } from './event-source.ts';

export interface FunctionFacts {
  /** ARN of the execution role. */
  role: string;
  timeoutMs: number;
}

const goodForMs = 60_000;

/** Asks Lambda at most once a minute. */
export class FunctionDirectory {
  readonly #parts: PollerParts;
  #facts: FunctionFacts | undefined;
  #askedAt = 0;

  constructor(parts: PollerParts) {
    this.#parts = parts;
  }

  forget(): void {
    this.#facts = undefined;
  }

  /** Throws ResourceNotFoundException when the function is gone. */
  async get({ account, region, functionArn }: PolledMapping): Promise<FunctionFacts> {
    const now = this.#parts.clock.monotonic();
    if (this.#facts !== undefined && now - this.#askedAt < goodForMs) return this.#facts;
    const call = this.#parts.call({ account, region });
    const { Role, Timeout } = await call('lambda', 'GetFunctionConfiguration', { FunctionName: functionArn });
    this.#askedAt = now;
    this.#facts = { role: Role!, timeoutMs: (Timeout ?? 3) * 1_000 };
    return this.#facts;
  }
}
