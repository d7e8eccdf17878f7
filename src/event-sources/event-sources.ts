// All pollers by the UUIDs of their mappings.
import type { EventSource, PolledMapping, Poller, PollerParts } from './event-source.ts';
import { pollQueue } from './sqs/index.ts';

export type EventSourcesParts = PollerParts;

/** By kind. What is missing here is not polled yet. */
const sources: Readonly<Record<string, EventSource | undefined>> = {
  sqs: pollQueue,
  'sqs-fifo': pollQueue,
};

export class EventSources {
  readonly #parts: EventSourcesParts;
  readonly #pollers = new Map<string, Poller>();
  /** Mappings that were started before there was anything to poll; undefined once there is. */
  #waiting: Map<string, PolledMapping> | undefined = new Map();

  constructor(parts: EventSourcesParts) {
    this.#parts = parts;
  }

  /** To be called once all services are there. Idempotent. */
  open(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const mapping of waiting?.values() ?? []) this.start(mapping);
  }

  /** Polls for `mapping`, and as it now is if it is polled already. */
  start(mapping: PolledMapping): void {
    if (this.#waiting !== undefined) {
      this.#waiting.set(mapping.uuid, mapping);
      return;
    }
    const running = this.#pollers.get(mapping.uuid);
    if (running !== undefined) {
      running.update(mapping);
      return;
    }
    const source = sources[mapping.kind];
    if (source !== undefined) this.#pollers.set(mapping.uuid, source(mapping, this.#parts));
  }

  /** Resolves when nothing is on its way any more. Idempotent. */
  async stop(uuid: string): Promise<void> {
    this.#waiting?.delete(uuid);
    const poller = this.#pollers.get(uuid);
    if (poller === undefined) return;
    await poller.stop();
    if (this.#pollers.get(uuid) === poller) this.#pollers.delete(uuid);
  }

  /** Why a mapping cannot be served at the moment; undefined when it can. */
  problem(uuid: string): string | undefined {
    return this.#pollers.get(uuid)?.problem;
  }

  /** Stops all pollers. */
  async close(): Promise<void> {
    this.#waiting ??= new Map();
    await Promise.all([...this.#pollers.keys()].map((uuid) => this.stop(uuid)));
  }
}
