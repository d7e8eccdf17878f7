// Ends sandboxes whose programs hold more memory than they were promised, by looking every so often: one timer for all.

export interface Watched {
  /** Memory that its programs hold themselves, in bytes. */
  anonymousBytes(): number;
  limitBytes: number;
  /** False while frozen: what does not run does not grow. */
  running: boolean;
  peakBytes: number;
  exceeded(): void;
}

/**
 * On AWS `/tmp` is a disk; here it is a tmpfs, whose pages the kernel charges to the sandbox's memory. The kernel's hard
 * limit therefore has to be memory size and size of `/tmp` together, and this watch holds the memory of the programs
 * themselves (anonymous pages) to the memory size. Both ends of it are what AWS calls out of memory.
 */
export class MemoryWatch {
  readonly #intervalMs: number;
  #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;

  /** Allocating at full speed a program gains some 100 MiB in 50 ms, which the hard limit bounds where there is one. */
  constructor(intervalMs = 50) {
    this.#intervalMs = intervalMs;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= setTimeout(() => this.#look(), this.#intervalMs).unref();
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
  }

  #look(): void {
    const begin = performance.now();
    for (const watched of this.#watched) {
      if (!watched.running) continue;
      const bytes = measure(watched);
      if (bytes <= watched.limitBytes) continue;
      this.remove(watched);
      watched.exceeded();
    }
    this.#timer = null;
    if (this.#watched.size === 0) return;
    // With very many sandboxes rather seldom than at more than a twentieth of a processor.
    const delayMs = Math.max(this.#intervalMs, 20 * (performance.now() - begin));
    this.#timer = setTimeout(() => this.#look(), delayMs).unref();
  }
}

/** Reads the present use and keeps the peak. */
export function measure(watched: Watched): number {
  const bytes = watched.anonymousBytes();
  if (bytes > watched.peakBytes) watched.peakBytes = bytes;
  return bytes;
}
