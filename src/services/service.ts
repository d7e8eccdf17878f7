// The one shape of every AWS service in Lambent, and what an operation is handed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { OperationsOf, ServiceName } from '../contracts/index.ts';

/** Who sent a request. */
export interface Caller {
  /** Twelve digits. */
  account: string;
  region: string;
  accessKeyId: string;
  /** ARN of the caller, e.g. `arn:aws:iam::000000000000:root`. */
  arn: string;
  /** IAM's unique id of the caller, as `UserId` of GetCallerIdentity. */
  userId: string;
}

/** Calls another service's operation as this caller, through the same table that a network request uses. */
export type ServiceCall = <S extends ServiceName, O extends keyof OperationsOf<S> & string>(
  service: S,
  operation: O,
  input: OperationsOf<S>[O] extends { input: infer I } ? I : never,
) => Promise<OperationsOf<S>[O] extends { output: infer R } ? R : never>;

/** As whom work that no request asked for calls a service. */
export interface UnattendedCall {
  /** Twelve digits. */
  account: string;
  region: string;
  /** Of the role that acts; absent: the account itself. */
  arn?: string;
  /** Absent: a new one. */
  requestId?: string;
  /** As if they had come with a request, in lower case; e.g. `x-amzn-trace-id`. */
  headers?: Record<string, string | undefined>;
  /** Ends what waits, such as a long poll. */
  signal?: AbortSignal;
}

/** The services as they appear to work that no request asked for. */
export type Unattended = (call: UnattendedCall) => ServiceCall;

/** What an operation is handed beside its input. */
export interface CallContext {
  caller: Caller;
  requestId: string;
  clock: Clock;
  ids: Ids;
  log: Logger;
  call: ServiceCall;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
  /** Base URL at which the client reached Lambent, e.g. `http://127.0.0.1:4566`. */
  endpoint: string;
  /** Headers of the HTTP request; empty for calls between services. */
  headers: Record<string, string | undefined>;
  /** Headers that the operation adds to its answer beside what the contract binds. */
  responseHeaders: Record<string, string>;
}

export type Operation<Input, Output> = (input: Input, context: CallContext) => Promise<Output>;

export type OperationTable<S extends ServiceName> = { [O in keyof OperationsOf<S>]?: OperationOf<S, O> };

/** The type of one operation, e.g. `OperationOf<'sts', 'GetCallerIdentity'>`. */
export type OperationOf<S extends ServiceName, O extends keyof OperationsOf<S>> = OperationsOf<S>[O] extends {
  input: infer I;
  output: infer R;
}
  ? Operation<I, R>
  : never;

export interface Service<S extends ServiceName = ServiceName> {
  readonly name: S;
  /**
   * What is built, loaded when it is called first: `operations/index.ts`. An operation of the contract that is missing here
   * is refused by name.
   */
  operations(): Promise<OperationTable<S>>;
  /** Members that the operation itself judges instead of the contract's constraints, by operation. */
  readonly unvalidated?: { readonly [O in keyof OperationsOf<S>]?: readonly string[] };
  /** Largest request body of an operation, in bytes, and the error above it; absent: the gateway's default. */
  bodyLimit?(operation: string | undefined): { bytes: number; error: () => Error } | undefined;
  /** Raw HTTP that is no AWS operation; true when it took the request. */
  http?(request: IncomingMessage, response: ServerResponse): boolean;
  /** Work on its own clock. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
