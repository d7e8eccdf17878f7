// The restJson1 protocol: members in path, query and headers, the rest as a JSON body.
import type { Contract, OperationContract } from '../contracts/contract.ts';
import { AwsError } from '../core/errors.ts';
import { errorShape } from './error-shape.ts';
import { unknownOperation } from './errors.ts';
import { encodeEvents } from './event-stream.ts';
import { type Payload, readHead, requestBindings, responseBindings, writeHeaders } from './http-bindings.ts';
import { matchRoute } from './http-router.ts';
import { jsonReader } from './json-reader.ts';
import { bufferOf, writeJson } from './json-writer.ts';
import { parseJson } from './parse-json.ts';
import type { Protocol, RawResponse } from './types.ts';

const nothing = Buffer.alloc(0);

export const restJson: Protocol = {
  name: 'rest-json',

  route: (contract, request) => matchRoute(contract, request)?.operation.name,

  decode(contract, request) {
    const match = matchRoute(contract, request);
    if (!match) throw unknownOperation(`${request.method} ${request.path}`, 404);
    const bindings = requestBindings(match.operation);
    const input = readHead(bindings, request, match.labels);
    const { payload, body } = bindings;
    if (payload) {
      if (payload.kind === 'blob') {
        if (request.body.length > 0) input[payload.name] = request.body;
      } else if (payload.kind === 'string') {
        if (request.body.length > 0) input[payload.name] = request.body.toString('utf8');
      } else if (payload.kind === 'structure' && request.body.length > 0) {
        input[payload.name] = jsonReader(payload.schema as never)(parseJson(contract, request.body));
      }
    } else if (body && request.body.length > 0) {
      const parsed = parseJson(contract, request.body);
      if (parsed !== null) Object.assign(input, jsonReader(body)(parsed));
    }
    return { operation: match.operation.name, input };
  },

  encodeOutput(contract, operation, output, requestId) {
    const target = contract.operations.get(operation)!;
    const bindings = responseBindings(target);
    const values = output as Record<string, any>;
    const headers: Record<string, string> = { 'x-amzn-RequestId': requestId };
    const status: number = (bindings.statusMember && values[bindings.statusMember]) || target.http!.status;
    writeHeaders(bindings, values, headers);
    const body = encodeBody(contract, target, values, status, headers);
    return { status, headers, body };
  },

  encodeError(contract, _operation, error, requestId) {
    const shape = errorShape(contract, error);
    return {
      status: shape.status,
      headers: {
        'Content-Type': 'application/json',
        'x-amzn-RequestId': requestId,
        'x-amzn-ErrorType': shape.code,
        ...shape.headers,
      },
      body: writeJson(shape.schema, shape.value),
    };
  },
};

function encodeBody(
  contract: Contract,
  operation: OperationContract,
  values: Record<string, any>,
  status: number,
  headers: Record<string, string>,
): RawResponse['body'] {
  const { payload, body } = responseBindings(operation);
  if (payload) return encodePayload(contract, payload, values[payload.name], headers);
  // AWS sends no body with 204, and none where nothing could be in it but a 202.
  if (status === 204 || (body === undefined && status === 202)) return nothing;
  headers['Content-Type'] = 'application/json';
  return body === undefined ? '{}' : writeJson(body, values);
}

function encodePayload(
  contract: Contract,
  payload: Payload,
  value: any,
  headers: Record<string, string>,
): RawResponse['body'] {
  if (payload.kind === 'event-stream') {
    headers['Content-Type'] = 'application/vnd.amazon.eventstream';
    return encodeEvents(contract, payload.schema, value, { contentType: 'application/json', write: writeJson });
  }
  if (value === undefined || value === null) return nothing;
  if (payload.kind === 'structure') {
    headers['Content-Type'] ??= 'application/json';
    return writeJson(payload.schema as never, value);
  }
  if (payload.kind === 'string') return String(value);
  headers['Content-Type'] ??= 'application/octet-stream';
  if (value instanceof Uint8Array) return bufferOf(value);
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value[Symbol.asyncIterator] === 'function') return value;
  throw new AwsError('ServiceException', `${payload.name} is neither bytes nor a stream`, { status: 500 });
}
