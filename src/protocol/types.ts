// The values that cross the protocol layer: bytes of HTTP on one side, operations of a contract on the other.
import type { Contract } from '../contracts/contract.ts';
import type { AwsError } from '../core/errors.ts';

export interface RawRequest {
  /** Upper case. */
  method: string;
  /** As sent: percent-encoded, without the query. */
  path: string;
  /** As sent, without the question mark; empty when absent. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A request whose body has not been read (yet). */
export type RequestHead = Omit<RawRequest, 'body'>;

export interface RawResponse {
  status: number;
  /** Names as they are to be sent. `content-length` is left to the gateway. */
  headers: Record<string, string>;
  /** A stream when the output holds one: event-stream frames, or a streaming blob that was given as a stream. */
  body: Buffer | string | AsyncIterable<Uint8Array>;
}

export interface OperationCall {
  operation: string;
  /** Members by their names in the contract; blobs are `Buffer`s, timestamps `Date`s. Not yet validated. */
  input: Record<string, unknown>;
}

/**
 * One AWS wire format, seen from the server. Pure: no sockets, no clocks, no state beyond what a contract compiles to.
 */
export interface Protocol {
  readonly name: 'rest-json' | 'json' | 'query' | 'rest-xml' | 'rpc-v2-cbor';
  /** The operation that method, path, query and headers name; undefined when none, or when only the body can tell (query). */
  route(contract: Contract, request: RequestHead): string | undefined;
  /** Throws AwsError: UnknownOperationException (InvalidAction), SerializationException, InvalidRequestContentException and their kind. */
  decode(contract: Contract, request: RawRequest): OperationCall;
  encodeOutput(contract: Contract, operation: string, output: object, requestId: string): RawResponse;
  /** `operation` is undefined when the request named none. */
  encodeError(contract: Contract, operation: string | undefined, error: AwsError, requestId: string): RawResponse;
}
