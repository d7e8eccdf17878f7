// An invocation and what comes of it, as values.
import type { FunctionTarget } from '../function-target.ts';

export interface Invocation {
  requestId: string;
  target: FunctionTarget;
  concurrency: ConcurrencyAllowance;
  /** As the caller named it: with the alias or version if any. */
  invokedArn: string;
  /** JSON text; never parsed here. */
  payload: Buffer;
  /** X-Ray's trace header, as the function is given it. */
  traceId: string | undefined;
  /** Set when it is sampled. */
  trace?: InvocationTrace | undefined;
  /** JSON text of the client context. */
  clientContext: string | undefined;
  /** Whether nobody waits for its outcome but the queue that it came from. */
  isAsynchronous?: boolean;
  /** Whether the last 4 KB of its logs go back to the caller. */
  logTail: boolean;
  /** Where the response goes as it comes to be; absent: it is gathered, and `Outcome` holds it. */
  responseSink?: ResponseSink | undefined;
}

/** A sampled invocation in its trace. Ids of segments are 16 hexadecimal digits. */
export interface InvocationTrace {
  /** `1-<8 hexadecimal digits>-<24>`. */
  id: string;
  /** Of the function's segment. */
  segmentId: string;
  /** Of the subsegment Invocation in it, which all that the function sends has as its parent. */
  invocationId: string;
}

/** Takes a response in pieces. It is started at most once, also for a response that comes whole. */
export interface ResponseSink {
  start(contentType: string): void;
  /** A promise holds the function back until it resolves. */
  write(bytes: Buffer): Promise<void> | undefined;
}

/** How many invocations may run at once beside which others, at the moment of this one. */
export interface ConcurrencyAllowance {
  /** Of all versions of the function together, when concurrency is reserved for it; what is kept ready is part of it. */
  reserved?: number;
  /** The version or alias for which environments are kept ready; what goes beyond them is the function's or the account's. */
  provisioned?: { qualifier: string };
  /** Of all functions of the account in the region that have no reservation. */
  unreserved: number;
  /** Of the account. Set for synchronous invocations, which are held to ten times each limit per second. */
  accountLimit?: number;
  /** What is held for functions, versions and aliases by reservations and provisioned concurrency, used or not. */
  claimed?: number;
}

/** Why an invocation was not admitted, in the words of TooManyRequestsException's `Reason`. */
export type ThrottleReason =
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded';

/** What an invocation took of the machine, in the figures of its REPORT. */
export interface Usage {
  /** With a fraction. */
  durationMs: number;
  billedDurationMs: number;
  /** Of the invocation that an environment was started for; with a fraction. */
  initDurationMs: number | undefined;
  /** How long extensions went on after the runtime; part of the duration. Absent where none did. */
  extensionsMs?: number;
  /** Bytes that went through the response sink; 0 where there was none. */
  streamedBytes: number;
  /** Of a sampled invocation that an environment was given. */
  phases?: InvocationPhases | undefined;
}

/** When the parts of an invocation were: epoch milliseconds with a fraction. */
export interface InvocationPhases {
  /** The environment's initialisation; only of the first invocation in it. */
  initialization?: { from: number; to: number } | undefined;
  /** Given to the runtime. */
  startedAt: number;
  /** Answered by the runtime, timed out or crashed. */
  answeredAt: number;
  /** Reported. */
  endedAt: number;
}

/**
 * `completed` is there when extensions go on after the runtime has answered: the environment stays busy until it resolves
 * to the usage that is billed, in place of `usage`. It never rejects.
 */
interface Served {
  logTail: Buffer | undefined;
  usage: Usage;
  completed?: Promise<Usage>;
}

export type Outcome =
  /** `payload` is empty where the response went through a sink. */
  | ({ kind: 'success'; payload: Buffer } & Served)
  /** The customer's function did wrong: `payload` is the error's JSON. */
  | ({ kind: 'function-error'; errorType: string; payload: Buffer } & Served)
  | { kind: 'throttled'; reason: ThrottleReason };

/** An invocation that is over, for whoever counts them. */
export interface FinishedInvocation {
  invocation: Invocation;
  outcome: Outcome;
  /** Epoch milliseconds at which it was submitted. */
  submittedAt: number;
  /** Whether environments kept ready for its version served it, or could have, had there been enough of them. */
  provisioned: 'served' | 'spilled' | undefined;
  /** Invocations that ran when it was admitted, itself included; undefined for one that was throttled. */
  concurrent:
    | {
        /** Of those that came for the same version or alias, or for the function without one. */
        ofQualifier: number;
        ofFunction: number;
        ofAccount: number;
        unreserved: number;
        /** Of the environments that are kept ready for its version, when one of them served it. */
        provisioned?: { inUse: number; allocated: number };
      }
    | undefined;
}
