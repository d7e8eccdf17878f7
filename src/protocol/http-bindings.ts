// Where the members of an operation travel in HTTP: labels, query, headers, payload or body. Compiled once an operation.
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, StaticStructureSchema } from '@smithy/types';
import type { OperationContract } from '../contracts/contract.ts';
import { compiledOnce } from './compiled-once.ts';
import { serializationError } from './errors.ts';
import { setKey } from './json-reader.ts';
import { joinList, splitList, type TextReader, type TextWriter, textReader, textWriter } from './text-values.ts';
import type { RawRequest } from './types.ts';

export type PayloadKind = 'blob' | 'string' | 'structure' | 'event-stream';

export interface Payload {
  name: string;
  kind: PayloadKind;
  schema: NormalizedSchema;
}

interface Binding {
  member: string;
  wireName: string;
}

interface ReadBinding extends Binding {
  read: TextReader;
  /** Of lists: the schema of an item. */
  item: NormalizedSchema | undefined;
}

interface WriteBinding extends Binding {
  write: TextWriter;
}

export interface RequestBindings {
  labels: ReadBinding[];
  query: ReadBinding[];
  /** The map that takes every parameter that is bound to no other member. */
  queryParams: string | undefined;
  headers: ReadBinding[];
  prefixHeaders: Binding[];
  payload: Payload | undefined;
  /** The members that make up the body, as a structure of their own; absent when there are none. */
  body: StaticStructureSchema | undefined;
}

export interface ResponseBindings {
  statusMember: string | undefined;
  headers: WriteBinding[];
  prefixHeaders: Binding[];
  payload: Payload | undefined;
  body: StaticStructureSchema | undefined;
}

export const requestBindings = compiledOnce(compileRequest);
export const responseBindings = compiledOnce(compileResponse);

/** Everything but payload and body. `labels` are still percent-encoded. Throws SerializationException. */
export function readHead(
  bindings: RequestBindings,
  request: RawRequest,
  labels: Record<string, string>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { member, read } of bindings.labels) {
    const text = labels[member];
    if (text !== undefined) input[member] = read(decodePart(text));
  }
  if (request.query !== '' && (bindings.query.length > 0 || bindings.queryParams !== undefined))
    readQuery(bindings, request.query, input);
  for (const { member, wireName, read, item } of bindings.headers) {
    const raw = request.headers[wireName];
    if (raw === undefined) continue;
    const text = typeof raw === 'string' ? raw : raw.join(', ');
    if (item) input[member] = text === '' ? [] : splitList(item, text).map(read);
    else if (text !== '' || read === identity) input[member] = read(text);
  }
  for (const { member, wireName } of bindings.prefixHeaders) {
    const map: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined && name.startsWith(wireName)) setKey(map, name.slice(wireName.length), String(value));
    }
    if (Object.keys(map).length > 0) input[member] = map;
  }
  return input;
}

function readQuery(bindings: RequestBindings, query: string, input: Record<string, unknown>): void {
  const parameters = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const cut = part.indexOf('=');
    const name = decodePart(cut < 0 ? part : part.slice(0, cut), true);
    const value = cut < 0 ? '' : decodePart(part.slice(cut + 1), true);
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  for (const { member, wireName, read, item } of bindings.query) {
    const values = parameters.get(wireName);
    if (!values) continue;
    input[member] = item ? values.map(read) : read(values[0]!);
    parameters.delete(wireName);
  }
  if (bindings.queryParams !== undefined) {
    const map: Record<string, unknown> = {};
    for (const [name, values] of parameters) setKey(map, name, values[0]);
    input[bindings.queryParams] = map;
  }
}

/** Header names as the model writes them, and values, of an output. */
export function writeHeaders(
  bindings: ResponseBindings,
  output: Record<string, any>,
  headers: Record<string, string>,
): void {
  for (const { member, wireName, write } of bindings.headers) {
    const value = output[member];
    if (value !== undefined && value !== null) headers[wireName] = write(value);
  }
  for (const { member, wireName } of bindings.prefixHeaders) {
    for (const [name, value] of Object.entries(output[member] ?? {})) headers[wireName + name] = String(value);
  }
}

function compileRequest(operation: OperationContract): RequestBindings {
  const bindings: RequestBindings = {
    labels: [],
    query: [],
    queryParams: undefined,
    headers: [],
    prefixHeaders: [],
    payload: undefined,
    body: undefined,
  };
  const body: string[] = [];
  for (const [member, schema] of NormalizedSchema.of(operation.input).structIterator()) {
    const traits = schema.getMergedTraits();
    if (traits.httpLabel) bindings.labels.push(readBinding(member, member, schema, 5));
    else if (traits.httpQuery) bindings.query.push(readBinding(member, traits.httpQuery, schema, 5));
    else if (traits.httpQueryParams) bindings.queryParams = member;
    else if (traits.httpHeader) bindings.headers.push(readBinding(member, traits.httpHeader.toLowerCase(), schema, 6));
    else if (traits.httpPrefixHeaders !== undefined) {
      bindings.prefixHeaders.push({ member, wireName: traits.httpPrefixHeaders.toLowerCase() });
    } else if (traits.httpPayload) bindings.payload = payloadOf(member, schema);
    else body.push(member);
  }
  bindings.body = bodyOf(operation.input, body);
  return bindings;
}

function compileResponse(operation: OperationContract): ResponseBindings {
  const bindings: ResponseBindings = {
    statusMember: undefined,
    headers: [],
    prefixHeaders: [],
    payload: undefined,
    body: undefined,
  };
  const body: string[] = [];
  for (const [member, schema] of NormalizedSchema.of(operation.output).structIterator()) {
    const traits = schema.getMergedTraits();
    if (traits.httpResponseCode) bindings.statusMember = member;
    else if (traits.httpHeader)
      bindings.headers.push({ member, wireName: traits.httpHeader, write: headerWriter(schema) });
    else if (traits.httpPrefixHeaders !== undefined)
      bindings.prefixHeaders.push({ member, wireName: traits.httpPrefixHeaders });
    else if (traits.httpPayload) bindings.payload = payloadOf(member, schema);
    else body.push(member);
  }
  bindings.body = bodyOf(operation.output, body);
  return bindings;
}

function readBinding(member: string, wireName: string, schema: NormalizedSchema, timestamps: 5 | 6): ReadBinding {
  const item = schema.isListSchema() ? schema.getValueSchema() : undefined;
  const target = item ?? schema;
  const read =
    target.isStringSchema() && !(timestamps === 6 && target.getMergedTraits().mediaType)
      ? identity
      : textReader(target, timestamps);
  return { member, wireName, read, item };
}

function headerWriter(schema: NormalizedSchema): TextWriter {
  if (!schema.isListSchema()) return textWriter(schema, 6);
  const item = schema.getValueSchema();
  const write = textWriter(item, 6);
  return (values: unknown[]) => joinList(item, values.map(write));
}

function payloadOf(name: string, schema: NormalizedSchema): Payload {
  if (schema.isBlobSchema()) return { name, kind: 'blob', schema };
  if (schema.isStringSchema()) return { name, kind: 'string', schema };
  return { name, kind: schema.isStreaming() ? 'event-stream' : 'structure', schema };
}

function bodyOf(structure: StaticStructureSchema, members: string[]): StaticStructureSchema | undefined {
  if (members.length === 0) return undefined;
  const [, namespace, name, traits, names, refs] = structure;
  return [3, namespace, name, traits, members, members.map((member) => refs[names.indexOf(member)] as $SchemaRef)];
}

function identity(text: string): string {
  return text;
}

function decodePart(text: string, plusIsSpace = false): string {
  const plain = plusIsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!plain.includes('%')) return plain;
  try {
    return decodeURIComponent(plain);
  } catch {
    throw serializationError(`Malformed percent-encoding: ${text}`);
  }
}
