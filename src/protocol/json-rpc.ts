// The awsJson1.0 and awsJson1.1 protocols: the operation in a header, everything else in a JSON body.
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import type { Contract, OperationContract } from '../contracts/contract.ts';
import { compiledOnce } from './compiled-once.ts';
import { errorShape } from './error-shape.ts';
import { unknownOperation } from './errors.ts';
import { encodeEvents } from './event-stream.ts';
import { jsonReader } from './json-reader.ts';
import { writeJson } from './json-writer.ts';
import { parseJson } from './parse-json.ts';
import { unzipped } from './plain-body.ts';
import { queryErrorHeader } from './query-compatible.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol, RequestHead } from './types.ts';

export const jsonRpc: Protocol = {
  name: 'json',

  route(contract, request) {
    const name = targetOf(request);
    return name !== undefined && contract.operations.has(name) ? name : undefined;
  },

  decode(contract, request) {
    const name = targetOf(request);
    const operation = name === undefined ? undefined : contract.operations.get(name);
    if (!operation) throw unknownOperation(name);
    const body = unzipped(request);
    const parsed = body.length === 0 ? {} : parseJson(contract, body);
    const input = jsonReader(operation.input)(parsed ?? {}) as Record<string, unknown>;
    return { operation: operation.name, input };
  },

  encodeOutput(contract, operation, output, requestId) {
    const target = contract.operations.get(operation)!;
    const headers: Record<string, string> = { 'x-amzn-RequestId': requestId };
    const stream = streamOf(target);
    if (stream) {
      headers['Content-Type'] = 'application/vnd.amazon.eventstream';
      const format = { contentType: contentType(contract), write: writeJson };
      const events = (output as Record<string, any>)[stream.name];
      const body = encodeEvents(contract, stream.schema, events, format, writeJson(stream.initial, output));
      return { status: 200, headers, body };
    }
    headers['Content-Type'] = contentType(contract);
    return { status: 200, headers, body: target.noOutput ? '' : writeJson(target.output, output) };
  },

  encodeError(contract, _operation, error, requestId) {
    const shape = errorShape(contract, error);
    const namespace = factsOf(contract.service).errorNamespace;
    const [, ns, name, traits, names, refs] = shape.schema;
    const schema: StaticStructureSchema = [3, ns, name, traits, ['__type', ...names], [0, ...refs]];
    const type = namespace === undefined ? shape.code : `${namespace}#${shape.code}`;
    return {
      status: shape.status,
      headers: {
        'Content-Type': contentType(contract),
        'x-amzn-RequestId': requestId,
        ...queryErrorHeader(contract, shape),
        ...shape.headers,
      },
      body: writeJson(schema, { __type: type, ...shape.value }),
    };
  },
};

/** `Logs_20140328.CreateLogGroup` → `CreateLogGroup`; the prefix has already told the service. */
function targetOf(request: RequestHead): string | undefined {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : undefined;
}

function contentType(contract: Contract): string {
  return `application/x-amz-json-${contract.metadata.jsonVersion ?? '1.1'}`;
}

interface StreamMember {
  name: string;
  schema: NormalizedSchema;
  /** The output without its stream. */
  initial: StaticStructureSchema;
}

const streamOf = compiledOnce(compileStream);

function compileStream(operation: OperationContract): StreamMember | undefined {
  const schema = NormalizedSchema.of(operation.output);
  const name = schema.getEventStreamMember();
  if (name === '') return undefined;
  const [, namespace, structure, traits, names, refs] = operation.output;
  const others = names.filter((each) => each !== name);
  const initial: StaticStructureSchema = [
    3,
    namespace,
    structure,
    traits,
    others,
    others.map((each) => refs[names.indexOf(each)]!),
  ];
  return { name, schema: schema.getMemberSchema(name), initial };
}
