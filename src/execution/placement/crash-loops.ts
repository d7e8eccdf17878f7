// Keeps function versions whose environments die again and again from having interpreters started for them without end.
import type { Clock } from '../../core/clock.ts';
import type { FailedInit } from './start-environment.ts';

/** Deaths in a row after which nothing is held back yet: a first retry is never late. */
const patience = 2;
/** From then on a version has one start in this time, which doubles with each further death. */
const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** Whoever would have to wait longer than this for a start is refused. */
const waitLimitMs = 10_000;
/** A version that nobody has called for this long starts afresh. */
const forgetAfterMs = 60_000;

interface Loop {
  deaths: number;
  /** Monotonic milliseconds of the last death that counted. */
  countedAt: number;
  pauseMs: number;
  /** Earliest next start. */
  nextAt: number;
  /** How the last init failed; undefined when it was an invocation that the environment did not outlive. */
  failed: FailedInit | undefined;
  cancelForgetting: () => void;
}

/** What becomes of an invocation that needs an environment of a version which is held back. */
export type HeldBack =
  /** Its init would fail again: this is how. */
  | { failed: FailedInit }
  /** A start is its own after this time. */
  | { waitMs: number }
  /** So many wait already that it would take too long. */
  | 'crowded';

export class CrashLoops {
  readonly #clock: Clock;
  /** By function version; none that is well. */
  readonly #loops = new Map<string, Loop>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * An environment of the version died, which was started at `startedAt` (monotonic milliseconds). Those that lived at the same
   * time count as one.
   */
  died(version: string, startedAt: number, failed?: FailedInit): void {
    const now = this.#clock.monotonic();
    const loop = this.#loops.get(version) ?? this.#begin(version);
    loop.failed = failed;
    if (startedAt <= loop.countedAt) return;
    loop.deaths += 1;
    loop.countedAt = now;
    if (loop.deaths > patience) {
      loop.pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (loop.deaths - patience - 1));
      loop.nextAt = Math.max(loop.nextAt, now + loop.pauseMs);
    }
    loop.cancelForgetting();
    loop.cancelForgetting = this.#clock.after(forgetAfterMs, () => this.#loops.delete(version));
  }

  /** An environment of the version has outlived an invocation: the version is well. */
  survived(version: string): void {
    const loop = this.#loops.get(version);
    if (loop === undefined) return;
    loop.cancelForgetting();
    this.#loops.delete(version);
  }

  /** Asked before each start: undefined when it may go ahead. What is told to wait has its turn kept for it. */
  heldBack(version: string): HeldBack | undefined {
    const loop = this.#loops.get(version);
    if (loop === undefined || loop.deaths <= patience) return undefined;
    const now = this.#clock.monotonic();
    const waitMs = Math.max(0, loop.nextAt - now);
    if (waitMs > 0 && loop.failed !== undefined) return { failed: loop.failed };
    if (waitMs > waitLimitMs) return 'crowded';
    loop.nextAt = now + waitMs + loop.pauseMs;
    return waitMs === 0 ? undefined : { waitMs };
  }

  /** How the version's init failed last, if starts of it are held back for that. */
  failureOf(version: string): FailedInit | undefined {
    const loop = this.#loops.get(version);
    return loop !== undefined && loop.deaths > patience ? loop.failed : undefined;
  }

  #begin(version: string): Loop {
    const loop: Loop = {
      deaths: 0,
      countedAt: Number.NEGATIVE_INFINITY,
      pauseMs: 0,
      nextAt: Number.NEGATIVE_INFINITY,
      failed: undefined,
      cancelForgetting: () => {},
    };
    this.#loops.set(version, loop);
    return loop;
  }
}
