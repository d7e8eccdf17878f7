// Runs one piece of work at a time, after things have been quiet for a moment, and once more when they were not.

export interface InTurn {
  /** Asks for the work; many times within a moment is as once. */
  ask(): void;
  /** No more work begins; resolves when that which runs is over. */
  close(): Promise<void>;
}

/** `work` must not reject. `quietMs` of silence begin it, or `patienceMs` after it was first asked for. */
export function inTurn(work: () => Promise<void>, quietMs: number, patienceMs: number): InTurn {
  let timer: NodeJS.Timeout | undefined;
  let askedAt: number | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  function arm(): void {
    if (closed || askedAt === undefined) return;
    clearTimeout(timer);
    const waitMs = Math.max(0, Math.min(quietMs, askedAt + patienceMs - performance.now()));
    timer = setTimeout(begin, waitMs);
  }

  function begin(): void {
    // What is asked for while it runs may be too late for it.
    if (running !== undefined) return;
    askedAt = undefined;
    running = work().finally(() => {
      running = undefined;
      if (askedAt !== undefined) arm();
    });
  }

  return {
    ask() {
      askedAt ??= performance.now();
      if (running === undefined) arm();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
