// What restJson1 and restXml share: everything but how a body is written.
import type { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import type { Contract } from '../contracts/contract.ts';
import type { AwsError } from '../core/errors.ts';
import { encodeEvents } from './event-stream.ts';
import { type Payload, readHead, requestBindings, responseBindings, writeHeaders } from './http-bindings.ts';
import { matchRoute } from './http-router.ts';
import { bufferOf } from './json-writer.ts';
import type { OperationCall, RawRequest, RawResponse, RequestHead } from './types.ts';

export interface BodyFormat {
  contentType: string;
  /** The error when no operation has the request's method and path. */
  unknown(request: RequestHead): AwsError;
  /** Of a blob payload whose output names no type. */
  blobContentType: string;
  /** Throws AwsError for a malformed body, or for values of the wrong type. */
  read(contract: Contract, schema: $SchemaRef | NormalizedSchema, body: Buffer): unknown;
  write(contract: Contract, schema: $SchemaRef | NormalizedSchema, value: object): Buffer;
  /** Body of an answer that has none of the members that could be in it. */
  empty: string;
}

const nothing = Buffer.alloc(0);

/** A blob payload is handed on as it came, without a copy. */
export function decodeRest(contract: Contract, request: RawRequest, format: BodyFormat): OperationCall {
  const match = matchRoute(contract, request);
  if (!match) throw format.unknown(request);
  const bindings = requestBindings(match.operation);
  const input = readHead(bindings, request, match.labels);
  const { payload, body } = bindings;
  if (request.body.length > 0) {
    if (payload) input[payload.name] = readPayload(contract, payload, request.body, format);
    else if (body) Object.assign(input, format.read(contract, body, request.body));
  }
  return { operation: match.operation.name, input };
}

function readPayload(contract: Contract, payload: Payload, body: Buffer, format: BodyFormat): unknown {
  if (payload.kind === 'blob') return body;
  return payload.kind === 'string' ? body.toString('utf8') : format.read(contract, payload.schema, body);
}

/** `headers` are those that the protocol adds to every answer. */
export function encodeRest(
  contract: Contract,
  operation: string,
  output: object,
  headers: Record<string, string>,
  format: BodyFormat,
): RawResponse {
  const target = contract.operations.get(operation)!;
  const bindings = responseBindings(target);
  const { statusMember, payload, body } = bindings;
  const values = output as Record<string, any>;
  const status: number = (statusMember !== undefined && values[statusMember]) || target.http!.status;
  writeHeaders(bindings, values, headers);
  if (payload)
    return { status, headers, body: encodePayload(contract, payload, values[payload.name], headers, format) };
  // AWS sends no body with 204, and none where nothing could be in it but a 202.
  if (status === 204 || (body === undefined && (status === 202 || format.empty === '')))
    return { status, headers, body: nothing };
  headers['Content-Type'] = format.contentType;
  return { status, headers, body: body === undefined ? format.empty : format.write(contract, body, values) };
}

function encodePayload(
  contract: Contract,
  payload: Payload,
  value: any,
  headers: Record<string, string>,
  format: BodyFormat,
): RawResponse['body'] {
  if (payload.kind === 'event-stream') {
    headers['Content-Type'] = 'application/vnd.amazon.eventstream';
    const { contentType } = format;
    return encodeEvents(contract, payload.schema, value, {
      contentType,
      write: (schema, event) => format.write(contract, schema, event),
    });
  }
  if (value === undefined || value === null) return nothing;
  if (payload.kind === 'structure') {
    headers['Content-Type'] ??= format.contentType;
    return format.write(contract, payload.schema, value);
  }
  if (payload.kind === 'string') return String(value);
  headers['Content-Type'] ??= format.blobContentType;
  if (value instanceof Uint8Array) return bufferOf(value);
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value[Symbol.asyncIterator] === 'function') return value;
  throw new Error(`expected: bytes or a stream in ${payload.name}`);
}
