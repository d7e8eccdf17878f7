// Writes a structure as CBOR (RFC 8949). The SDK's codec would write a whole number that is a double as an integer.
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { doubleSchema } from '../contracts/index.ts';
import { compiledOnce } from './compiled-once.ts';

/** Major types, in the upper three bits of an item's first byte. */
const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;
const epochTag = 1;
const falseByte = 0xf4;
const trueByte = 0xf5;
const nullByte = 0xf6;
const float64Byte = 0xfb;

/** Absent members are left out; the bytes are the caller's to keep. */
export function writeCbor(schema: $SchemaRef, value: object): Buffer {
  const out = new Writer();
  writerOf(schema)(out, value);
  return out.bytes();
}

type Write = (out: Writer, value: any) => void;

const writeDouble: Write = (out, value) => (typeof value === 'number' ? out.float64(value) : writeUntyped(out, value));

function writerOf(ref: unknown): Write {
  const schema = Array.isArray(ref) && ref.length === 2 ? ref[0] : ref;
  if (schema === doubleSchema) return writeDouble;
  return Array.isArray(schema) ? compiled(schema) : writeUntyped;
}

/** What a schema's kind demands: 1 is a list, 2 a map, 3 and 4 structures and unions, -3 errors. */
const compiled = compiledOnce((schema: readonly any[]): Write => {
  const [kind, , , , first, second] = schema;
  if (kind === 0) return writeUntyped;
  const sparse = NormalizedSchema.of(schema as never).getMergedTraits().sparse === 1;
  const isKept = (value: unknown) => value !== undefined && (value !== null || sparse);
  if (kind === 1) {
    return (out, list: unknown[]) => {
      const kept = list.filter(isKept);
      const write = writerOf(first);
      out.head(major.array, kept.length);
      for (const item of kept) write(out, item);
    };
  }
  if (kind === 2) {
    return (out, map: object) => {
      const kept = Object.entries(map).filter(([, value]) => isKept(value));
      const write = writerOf(second);
      out.head(major.map, kept.length);
      for (const [key, value] of kept) {
        out.text(key);
        write(out, value);
      }
    };
  }
  return (out, struct: Record<string, unknown>) => {
    const kept = (first as string[]).flatMap((name, index) => (struct[name] == null ? [] : [{ name, index }]));
    out.head(major.map, kept.length);
    for (const { name, index } of kept) {
      out.text(name);
      writerOf(second[index])(out, struct[name]);
    }
  };
});

/** By what the value is: simple types and documents. */
function writeUntyped(out: Writer, value: unknown): void {
  if (value === null || value === undefined) out.byte(nullByte);
  else if (typeof value === 'boolean') out.byte(value ? trueByte : falseByte);
  else if (typeof value === 'number') out.number(value);
  else if (typeof value === 'string') out.text(value);
  else if (value instanceof Uint8Array) out.blob(value);
  else if (value instanceof Date) {
    out.head(major.tag, epochTag);
    out.number(value.getTime() / 1000);
  } else if (Array.isArray(value)) {
    out.head(major.array, value.length);
    for (const item of value) writeUntyped(out, item);
  } else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    out.head(major.map, entries.length);
    for (const [key, item] of entries) {
      out.text(key);
      writeUntyped(out, item);
    }
  }
}

/** Bytes that grow. */
class Writer {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A major type with its count, length, tag or value: whole, up to 2^53. */
  head(type: number, count: number): void {
    this.#reserve(9);
    const first = type << 5;
    if (count < 24) this.#length = this.#buffer.writeUInt8(first | count, this.#length);
    else if (count < 0x100) {
      this.#length = this.#buffer.writeUInt8(first | 24, this.#length);
      this.#length = this.#buffer.writeUInt8(count, this.#length);
    } else if (count < 0x1_0000) {
      this.#length = this.#buffer.writeUInt8(first | 25, this.#length);
      this.#length = this.#buffer.writeUInt16BE(count, this.#length);
    } else if (count < 0x1_0000_0000) {
      this.#length = this.#buffer.writeUInt8(first | 26, this.#length);
      this.#length = this.#buffer.writeUInt32BE(count, this.#length);
    } else {
      this.#length = this.#buffer.writeUInt8(first | 27, this.#length);
      this.#length = this.#buffer.writeBigUInt64BE(BigInt(count), this.#length);
    }
  }

  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.float64(value);
    else if (value < 0) this.head(major.negative, -1 - value);
    else this.head(major.unsigned, value);
  }

  float64(value: number): void {
    this.#reserve(9);
    this.#length = this.#buffer.writeUInt8(float64Byte, this.#length);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.head(major.text, length);
    this.#reserve(length);
    this.#length += this.#buffer.write(value, this.#length);
  }

  blob(value: Uint8Array): void {
    this.head(major.bytes, value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
