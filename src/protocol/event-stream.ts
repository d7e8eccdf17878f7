// The event stream format: a union of events as binary frames, for answers that are sent while they come to be.
import { EventStreamCodec } from '@smithy/core/event-streams';
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, MessageHeaders, StaticStructureSchema } from '@smithy/types';
import type { Contract } from '../contracts/contract.ts';
import { AwsError } from '../core/errors.ts';
import { compiledOnce } from './compiled-once.ts';
import { errorShape } from './error-shape.ts';

/** How the protocol at hand writes structures inside frames. */
export interface EventFormat {
  contentType: string;
  write(schema: $SchemaRef, value: object): Uint8Array;
}

interface EventMember {
  name: string;
  isError: boolean;
  /** Members that travel as frame headers. */
  headers: { name: string; schema: NormalizedSchema }[];
  /** The member that is the frame's whole body, if any. */
  payload: { name: string; schema: NormalizedSchema } | undefined;
  /** The members that make up the body otherwise. */
  body: StaticStructureSchema;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/**
 * Frames of the union `schema`. `initial` is the response's other members, sent first by the RPC protocols.
 * An AwsError thrown by `events` becomes an exception frame when the union models it, else an error frame, and ends the
 * stream; anything else is passed on to the reader, who ends the connection.
 */
export async function* encodeEvents(
  contract: Contract,
  schema: NormalizedSchema,
  events: AsyncIterable<Record<string, any>>,
  format: EventFormat,
  initial?: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const members = membersOf(schema);
  if (initial) yield frame('event', { 'event-type': 'initial-response', 'content-type': format.contentType }, initial);
  try {
    for await (const event of events) yield encodeEvent(members, event, format);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    yield encodeException(contract, members, error, format);
  }
}

function encodeEvent(members: Map<string, EventMember>, event: Record<string, any>, format: EventFormat): Uint8Array {
  const name = Object.keys(event).find((key) => event[key] !== undefined);
  const member = name === undefined ? undefined : members.get(name);
  if (!member) throw new Error(`expected: an event of the union, not ${String(name)}`);
  const value = event[member.name];
  const kind = member.isError ? 'exception' : 'event';
  const headers: Record<string, string> = { [`${kind}-type`]: member.name };
  const further: MessageHeaders = {};
  for (const header of member.headers) {
    if (value[header.name] !== undefined) further[header.name] = headerValue(header.schema, value[header.name]);
  }
  let body: Uint8Array;
  if (!member.payload) {
    headers['content-type'] = format.contentType;
    body = format.write(member.body, value);
  } else if (member.payload.schema.isBlobSchema()) {
    headers['content-type'] = 'application/octet-stream';
    body = value[member.payload.name] ?? Buffer.alloc(0);
  } else if (member.payload.schema.isStringSchema()) {
    headers['content-type'] = 'text/plain';
    body = Buffer.from(String(value[member.payload.name] ?? ''));
  } else {
    headers['content-type'] = format.contentType;
    body = format.write(member.payload.schema as never, value[member.payload.name] ?? {});
  }
  return frame(kind, headers, body, further);
}

function encodeException(
  contract: Contract,
  members: Map<string, EventMember>,
  error: AwsError,
  format: EventFormat,
): Uint8Array {
  const shape = errorShape(contract, error);
  if (!members.has(shape.code)) {
    return frame('error', { 'error-code': shape.code, 'error-message': error.message }, Buffer.alloc(0));
  }
  const headers = { 'exception-type': shape.code, 'content-type': format.contentType };
  return frame('exception', headers, format.write(shape.schema, shape.value));
}

function frame(
  kind: string,
  special: Record<string, string>,
  body: Uint8Array,
  further: MessageHeaders = {},
): Uint8Array {
  const headers: MessageHeaders = { ':message-type': { type: 'string', value: kind } };
  for (const [name, value] of Object.entries(special)) headers[`:${name}`] = { type: 'string', value };
  return codec.encode({ headers: Object.assign(headers, further), body });
}

function headerValue(schema: NormalizedSchema, value: any): MessageHeaders[string] {
  if (schema.isBooleanSchema()) return { type: 'boolean', value };
  if (schema.isNumericSchema()) return { type: 'integer', value };
  if (schema.isTimestampSchema()) return { type: 'timestamp', value };
  if (schema.isBlobSchema()) return { type: 'binary', value };
  return { type: 'string', value: String(value) };
}

const compiledMembers = compiledOnce((union: StaticStructureSchema) => {
  const members = new Map<string, EventMember>();
  for (const [name, schema] of NormalizedSchema.of(union).structIterator())
    members.set(name, compileMember(name, schema));
  return members;
});

function membersOf(union: NormalizedSchema): Map<string, EventMember> {
  return compiledMembers(union.getSchema() as unknown as StaticStructureSchema);
}

function compileMember(name: string, schema: NormalizedSchema): EventMember {
  const struct = schema.getSchema() as unknown as StaticStructureSchema;
  const member: EventMember = {
    name,
    isError: (struct[0] as number) === -3,
    headers: [],
    payload: undefined,
    body: [3, struct[1], struct[2], struct[3], [], []],
  };
  for (const [inner, innerSchema] of schema.structIterator()) {
    const traits = innerSchema.getMemberTraits();
    if (traits.eventHeader) member.headers.push({ name: inner, schema: innerSchema });
    else if (traits.eventPayload) member.payload = { name: inner, schema: innerSchema };
    else {
      member.body[4].push(inner);
      member.body[5].push(struct[5][struct[4].indexOf(inner)]!);
    }
  }
  return member;
}
