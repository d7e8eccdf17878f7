// Lets environments be started: only as many at once as start well together, only as many as there is memory for, and
// that of the function first that has the fewest.
import type { Clock } from '../../core/clock.ts';

export interface StartGateOptions {
  /** What all environments together may take. */
  memoryMib: number;
  /** What the machine has left at this moment. */
  availableMib(): number;
  /** Environments that boot and initialise at once. */
  maxStarting: number;
}

/** One environment's place: its share of the memory until `leave`. Each method may be called again without effect. */
export interface Place {
  readonly memoryMib: number;
  /** The environment has started: the next one may. */
  started(): void;
  /** What it takes from now on. */
  charge(memoryMib: number): void;
  /** It is about to end: its memory will be free soon. */
  ending(): void;
  /** It is gone. */
  leave(): void;
}

/** The machine has no room for another environment, and none came free in time. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/** Whoever waits for memory is refused after this time. */
export const roomLimitMs = 10_000;
/** A start that takes longer is waiting for something itself, and keeps nobody from starting. */
const startingLimitMs = 500;
/** Starts that wait, of all functions together. */
const maxWaiting = 10_000;
/** Stays free on the machine beside what environments take: of the whole, and at least. */
const sparePart = 0.05;
const spareMinMib = 128;

interface Waiting {
  memoryMib: number;
  resolve(place: Place): void;
  reject(error: unknown): void;
  cancel: () => void;
  over: boolean;
}

export class StartGate {
  readonly #options: StartGateOptions;
  readonly #clock: Clock;
  /** Ends environments that have nothing to do, the longest unused first, until about `memoryMib` will come free. */
  readonly #evict: (memoryMib: number) => void;
  /** By owner; of those with as many environments, whose turn it is comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** How many places each owner has. */
  readonly #held = new Map<string, number>();
  #waitingCount = 0;
  #starting = 0;
  /** Memory of environments that are starting: the machine does not see it yet. */
  #startingMib = 0;
  #chargedMib = 0;
  #endingMib = 0;
  #short = false;
  #pumping = false;

  constructor(options: StartGateOptions, clock: Clock, evict: (memoryMib: number) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#evict = evict;
  }

  /** A place for an environment of `owner` that will take `memoryMib`. Rejects with NoRoomError. */
  enter(owner: string, memoryMib: number): Promise<Place> {
    if (this.#waitingCount >= maxWaiting) {
      return Promise.reject(new NoRoomError('too many environments wait to be started'));
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = { memoryMib, resolve, reject, cancel: () => {}, over: false };
      const queue = this.#waiting.get(owner);
      if (queue === undefined) this.#waiting.set(owner, [entry]);
      else queue.push(entry);
      this.#waitingCount += 1;
      this.#pump();
      this.#limit(owner, entry);
    });
  }

  /** A place at once, whether or not there is room: for what has begun and can only go on. */
  enterNow(owner: string, memoryMib: number): Place {
    return this.#place(owner, memoryMib);
  }

  /** Whether memory is what keeps the next start waiting. */
  get isShort(): boolean {
    return this.#short;
  }

  /** Whether an environment of `owner` is to make room: for a function that waits and has fewer of them. */
  claims(owner: string): boolean {
    if (!this.#short) return false;
    const next = this.#next();
    return next !== undefined && this.#heldBy(next) < this.#heldBy(owner);
  }

  get chargedMib(): number {
    return this.#chargedMib;
  }

  #pump(): void {
    // Ending an environment may come back here.
    if (this.#pumping) return;
    this.#pumping = true;
    this.#short = false;
    while (this.#starting < this.#options.maxStarting) {
      const owner = this.#next();
      if (owner === undefined) break;
      const entry = this.#waiting.get(owner)![0]!;
      const missing = this.#missingMib(entry.memoryMib);
      if (missing > 0) {
        this.#short = true;
        if (missing > this.#endingMib) this.#evict(missing - this.#endingMib);
        break;
      }
      this.#take(owner, entry);
      entry.resolve(this.#place(owner, entry.memoryMib));
    }
    this.#pumping = false;
  }

  /** Whose start is next. */
  #next(): string | undefined {
    let next: string | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const owner of this.#waiting.keys()) {
      const held = this.#heldBy(owner);
      if (held === 0) return owner;
      if (held < fewest) {
        next = owner;
        fewest = held;
      }
    }
    return next;
  }

  #heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  /** What lacks for another environment; the first one always finds room, or nothing ever would. */
  #missingMib(memoryMib: number): number {
    if (this.#chargedMib === 0) return 0;
    const { memoryMib: limit, availableMib } = this.#options;
    const spare = Math.max(spareMinMib, limit * sparePart);
    return Math.max(this.#chargedMib + memoryMib - limit, this.#startingMib + memoryMib + spare - availableMib());
  }

  /** Takes an entry out of its queue; its owner's next one comes after everyone else's. */
  #take(owner: string, entry: Waiting): void {
    entry.over = true;
    entry.cancel();
    const queue = this.#waiting.get(owner)!;
    queue.splice(queue.indexOf(entry), 1);
    this.#waitingCount -= 1;
    this.#waiting.delete(owner);
    if (queue.length > 0) this.#waiting.set(owner, queue);
  }

  #limit(owner: string, entry: Waiting): void {
    if (entry.over) return;
    entry.cancel = this.#clock.after(roomLimitMs, () => {
      // Starts that are under way are worth waiting for; memory that does not come free is not.
      if (this.#missingMib(entry.memoryMib) <= 0) {
        this.#limit(owner, entry);
        return;
      }
      this.#take(owner, entry);
      entry.reject(new NoRoomError('the machine has no memory left for another environment'));
      this.#pump();
    });
  }

  #place(owner: string, memoryMib: number): Place {
    let charged = memoryMib;
    let state: 'starting' | 'started' | 'ending' | 'gone' = 'starting';
    this.#starting += 1;
    this.#startingMib += memoryMib;
    this.#chargedMib += charged;
    this.#held.set(owner, this.#heldBy(owner) + 1);
    const started = () => {
      if (state !== 'starting') return;
      state = 'started';
      cancel();
      this.#starting -= 1;
      this.#startingMib -= memoryMib;
    };
    const cancel = this.#clock.after(startingLimitMs, () => {
      started();
      this.#pump();
    });
    return {
      get memoryMib() {
        return charged;
      },
      started: () => {
        started();
        this.#pump();
      },
      charge: (mib) => {
        if (state === 'gone' || state === 'ending') return;
        this.#chargedMib += mib - charged;
        charged = mib;
      },
      ending: () => {
        if (state === 'gone' || state === 'ending') return;
        started();
        state = 'ending';
        this.#endingMib += charged;
      },
      leave: () => {
        if (state === 'gone') return;
        started();
        if (state === 'ending') this.#endingMib -= charged;
        state = 'gone';
        this.#chargedMib -= charged;
        const held = this.#heldBy(owner) - 1;
        if (held === 0) this.#held.delete(owner);
        else this.#held.set(owner, held);
        this.#pump();
      },
    };
  }
}
