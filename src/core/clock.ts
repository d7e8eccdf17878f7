// Time as an argument, so that hours of retries are tested in milliseconds.

export interface Clock {
  /** Wall time, epoch milliseconds. */
  now(): number;
  /** Monotonic time in milliseconds with a fraction; only differences mean anything. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; the returned function cancels it. The timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

/**
 * A clock that follows `clock` forwards, over sleep of the machine too, but goes on at its own pace when that is set back:
 * for what must not wait longer because somebody corrected the time.
 */
export function steadyClock(clock: Clock): Clock {
  let ahead = clock.now() - clock.monotonic();
  return {
    now() {
      const monotonic = clock.monotonic();
      ahead = Math.max(ahead, clock.now() - monotonic);
      return Math.floor(monotonic + ahead);
    },
    monotonic: () => clock.monotonic(),
    after: (delayMs, callback) => clock.after(delayMs, callback),
  };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
