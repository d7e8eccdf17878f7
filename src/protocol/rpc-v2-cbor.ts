// The Smithy RPC v2 CBOR protocol: the operation in the path, everything else in a CBOR body.
import { CborCodec } from '@smithy/core/cbor';
import type { StaticStructureSchema } from '@smithy/types';
import { writeCbor } from './cbor-writer.ts';
import { errorShape } from './error-shape.ts';
import { serializationError, unknownOperation } from './errors.ts';
import { jsonReader } from './json-reader.ts';
import { unzipped } from './plain-body.ts';
import { queryErrorHeader } from './query-compatible.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol, RequestHead } from './types.ts';

const deserializer = new CborCodec().createDeserializer();

const contentType = 'application/cbor';
const header = { 'smithy-protocol': 'rpc-v2-cbor' };

export const rpcV2Cbor: Protocol = {
  name: 'rpc-v2-cbor',

  route(contract, request) {
    const name = operationOf(request);
    return name !== undefined && contract.operations.has(name) ? name : undefined;
  },

  decode(contract, request) {
    const name = operationOf(request);
    const operation = name === undefined ? undefined : contract.operations.get(name);
    if (!operation) throw unknownOperation(name ?? request.path, 404);
    const body = unzipped(request);
    return { operation: operation.name, input: body.length === 0 ? {} : read(operation.input, body) };
  },

  encodeOutput(contract, operation, output, requestId) {
    const target = contract.operations.get(operation)!;
    const headers: Record<string, string> = { ...header, 'x-amzn-RequestId': requestId };
    if (target.noOutput) return { status: 200, headers, body: '' };
    headers['Content-Type'] = contentType;
    return { status: 200, headers, body: writeCbor(target.output, output) };
  },

  encodeError(contract, _operation, error, requestId) {
    const shape = errorShape(contract, error);
    const namespace = factsOf(contract.service).errorNamespace ?? contract.namespace;
    const [, ns, name, traits, names, refs] = shape.schema;
    const schema: StaticStructureSchema = [3, ns, name, traits, ['__type', ...names], [0, ...refs]];
    return {
      status: shape.status,
      headers: {
        ...header,
        'Content-Type': contentType,
        'x-amzn-RequestId': requestId,
        ...queryErrorHeader(contract, shape),
        ...shape.headers,
      },
      body: writeCbor(schema, { __type: `${namespace}#${shape.code}`, ...shape.value }),
    };
  },
};

function operationOf(request: RequestHead): string | undefined {
  return /\/service\/[^/]+\/operation\/([^/]+)\/?$/.exec(request.path)?.[1];
}

function read(schema: StaticStructureSchema, body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = deserializer.read(schema, body);
  } catch (error) {
    throw serializationError(
      `Could not parse request body into cbor: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return jsonReader(schema)(value) as Record<string, unknown>;
}
