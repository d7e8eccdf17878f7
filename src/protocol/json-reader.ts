// Turns parsed JSON (or CBOR) into an operation's input, refusing values of the wrong type in AWS's words.
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { serializationError } from './errors.ts';
import { bufferOf } from './json-writer.ts';

/** Converts a value other than null and undefined. Throws SerializationException. */
export type JsonReader = (value: unknown) => unknown;

const readers = new WeakMap<object, JsonReader>();

/** A reader compiled for a schema; structures, lists and maps are compiled once. */
export function jsonReader(ref: $SchemaRef): JsonReader {
  return readerOf(NormalizedSchema.of(ref as never));
}

function readerOf(schema: NormalizedSchema): JsonReader {
  if (schema.isStringSchema()) return readString;
  if (schema.isBooleanSchema()) return readBoolean;
  if (schema.isNumericSchema()) return readNumber;
  if (schema.isTimestampSchema()) return readTimestamp;
  if (schema.isBlobSchema()) return readBlob;
  if (schema.isBigIntegerSchema()) return (value) => BigInt(readNumber(value));
  if (schema.isDocumentSchema() || schema.isBigDecimalSchema()) return (value) => value;
  const key = schema.getSchema();
  if (typeof key !== 'object') return compile(schema);
  let reader = readers.get(key);
  if (!reader) {
    // Shapes refer to themselves, so the entry must be there before its members are compiled.
    let compiled: JsonReader | undefined;
    reader = (value) => compiled!(value);
    readers.set(key, reader);
    compiled = compile(schema);
    readers.set(key, compiled);
  }
  return reader;
}

function compile(schema: NormalizedSchema): JsonReader {
  if (schema.isListSchema()) return listReader(readerOf(schema.getValueSchema()));
  if (schema.isMapSchema()) return mapReader(readerOf(schema.getValueSchema()));
  const members = [...schema.structIterator()].map(([name, member]) => ({ name, read: readerOf(member) }));
  return (value) => {
    const record = objectOf(value, 'Expected null');
    const out: Record<string, unknown> = {};
    for (const { name, read } of members) {
      const item = record[name];
      if (item !== undefined && item !== null) out[name] = read(item);
    }
    return out;
  };
}

function listReader(read: JsonReader): JsonReader {
  return (value) => {
    if (!Array.isArray(value)) throw unexpected(value, 'Expected list or null');
    return value.map((item) => (item === null ? null : read(item)));
  };
}

function mapReader(read: JsonReader): JsonReader {
  return (value) => {
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(objectOf(value, 'Expected map or null'))) {
      setKey(out, key, item === null ? null : read(item));
    }
    return out;
  };
}

/** Sets a key that the caller chose, which may be `__proto__`. */
export function setKey(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
  else record[key] = value;
}

function objectOf(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== 'object' || Array.isArray(value)) throw unexpected(value, otherwise);
  return value as Record<string, unknown>;
}

function readString(value: unknown): string {
  if (typeof value !== 'string') throw inconvertible(value, 'a String');
  return value;
}

function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw inconvertible(value, 'a Boolean');
  return value;
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw inconvertible(value, 'an Integer');
}

function readTimestamp(value: unknown): Date {
  if (value instanceof Date) return value;
  const date = typeof value === 'number' ? new Date(Math.round(value * 1000)) : new Date(String(value));
  if (typeof value === 'object' || typeof value === 'boolean' || Number.isNaN(date.getTime())) {
    throw inconvertible(value, 'milliseconds since epoch');
  }
  return date;
}

function readBlob(value: unknown): Buffer {
  if (value instanceof Uint8Array) return bufferOf(value);
  if (typeof value !== 'string') throw inconvertible(value, 'a ByteBuffer');
  const bytes = Buffer.from(value, 'base64');
  // Node skips what is no base64, so a shorter result tells of it.
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  if (bytes.length !== Math.floor(((value.length - padding) * 3) / 4))
    throw serializationError('Invalid base64 content');
  return bytes;
}

function inconvertible(value: unknown, type: string): Error {
  return unexpected(value, `${tokenOf(value)} can not be converted to ${type}`);
}

function unexpected(value: unknown, otherwise: string): Error {
  if (Array.isArray(value)) return serializationError('Start of list found where not expected');
  if (typeof value === 'object') return serializationError('Start of structure or map found where not expected.');
  return serializationError(otherwise);
}

function tokenOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof value === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE';
}
