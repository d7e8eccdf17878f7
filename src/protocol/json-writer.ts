// Writes a structure as JSON, by the SDK's own codec.
import { JsonCodec2 } from '@smithy/core/protocols';
import type { $SchemaRef } from '@smithy/types';
import { doubleText, withDoubles } from './doubles.ts';

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as it stands. */
    rawJSON(text: string): unknown;
  }
}

/** Timestamps are epoch seconds unless the model says otherwise. */
const serializer = new JsonCodec2({
  timestampFormat: { useTrait: true, default: 7 },
  jsonName: true,
}).createSerializer();

/** Absent members are left out; the bytes are the caller's to keep. */
export function writeJson(schema: $SchemaRef, value: object): Buffer {
  serializer.write(schema as never, withDoubles(schema, value, writeDouble));
  return bufferOf(serializer.flush());
}

/** The serializer writes what is no structure as JSON.stringify does. */
function writeDouble(double: number): unknown {
  return JSON.rawJSON(doubleText(double));
}

/** The same memory as a Buffer. */
export function bufferOf(bytes: Uint8Array | string): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
