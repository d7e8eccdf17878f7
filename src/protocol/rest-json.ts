// The restJson1 protocol: members in path, query and headers, the rest as a JSON body.
import { errorShape } from './error-shape.ts';
import { unknownOperation } from './errors.ts';
import { matchRoute } from './http-router.ts';
import { jsonReader } from './json-reader.ts';
import { writeJson } from './json-writer.ts';
import { parseJson } from './parse-json.ts';
import { type BodyFormat, decodeRest, encodeRest } from './rest-operation.ts';
import type { Protocol } from './types.ts';

const format: BodyFormat = {
  contentType: 'application/json',
  unknown: (request) => unknownOperation(`${request.method} ${request.path}`, 404),
  // What Lambda says of every invocation's payload.
  blobContentType: 'application/json',
  read: (contract, schema, body) => jsonReader(schema)(parseJson(contract, body) ?? {}),
  write: (_contract, schema, value) => writeJson(schema, value),
  empty: '{}',
};

export const restJson: Protocol = {
  name: 'rest-json',

  route: (contract, request) => matchRoute(contract, request)?.operation.name,

  decode: (contract, request) => decodeRest(contract, request, format),

  encodeOutput: (contract, operation, output, requestId) =>
    encodeRest(contract, operation, output, { 'x-amzn-RequestId': requestId }, format),

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
      // A message that is null is told so, where writing would leave it out.
      body: shape.value['Message'] === null ? '{"Message":null}' : writeJson(shape.schema, shape.value),
    };
  },
};
