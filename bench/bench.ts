// What a bench is, and what it is handed.
import type { Load } from './load/load.ts';
import type { LambentTarget } from './targets/lambent.ts';
import type { LimitTarget } from './targets/limit.ts';
import type { PeerTarget } from './targets/serverless-offline.ts';

/** One line of the output. Times are in milliseconds, sizes in MiB. */
export interface BenchLine {
  name: string;
  unit: string;
  lambent: number;
  /** What the machine could do at best; null where there is no such thing. */
  limit: number | null;
  /** `lambent` divided by `limit`. */
  ratio_to_limit: number | null;
  peers: Record<string, number | null>;
  /** Why a peer has no figure. */
  why?: string;
  goal?: string;
  [detail: string]: unknown;
}

export interface BenchContext {
  emit(line: BenchLine): void;
  /** Tells the person who waits. */
  say(sentence: string): void;
  /** A fresh server with an empty data folder. */
  lambent(flags?: string[]): Promise<LambentTarget>;
  /** The limit process of throughput; the same for all benches of a run. */
  limit(): Promise<LimitTarget>;
  /** serverless-offline, the same for all benches of a run; or the reason why it cannot be had. */
  peer(): Promise<PeerTarget | { why: string }>;
  /** The load generator, a process of its own. */
  load(): Promise<Load>;
}

export interface Bench {
  name: string;
  about: string;
  run(context: BenchContext): Promise<void>;
}

export const peerName = 'serverless-offline';
