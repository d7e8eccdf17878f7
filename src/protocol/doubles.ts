// Whole numbers that are doubles by their model, which AWS writes as `42.0` and clients in many languages then read so.
import type { $SchemaRef } from '@smithy/types';
import { doubleSchema } from '../contracts/index.ts';
import { compiledOnce } from './compiled-once.ts';

type Convert = (value: any, write: (double: number) => unknown) => unknown;

/** `value` with what `write` makes of each whole number that is a double; the same object where its schema has none. */
export function withDoubles(schema: $SchemaRef, value: object, write: (double: number) => unknown): object {
  const convert = converterOf(schema);
  return convert === undefined ? value : (convert(value, write) as object);
}

/** `42.0`; what has an exponent needs no fraction. */
export function doubleText(double: number): string {
  const text = String(double);
  return text.includes('e') ? text : `${text}.0`;
}

function converterOf(ref: unknown): Convert | undefined {
  const schema = targetOf(ref);
  if (schema === doubleSchema) return convertNumber;
  return Array.isArray(schema) ? compiled(schema) : undefined;
}

const compiled = compiledOnce((schema: readonly any[]): Convert | undefined => {
  if (!reachesDouble(schema, new Set())) return undefined;
  if (schema[0] === 1) return (list, write) => list?.map((item: unknown) => converterOf(schema[4])!(item, write));
  if (schema[0] === 2) return (map, write) => map && convertEntries(map, () => converterOf(schema[5]), write);
  const members = new Map<string, unknown>(schema[4].map((name: string, index: number) => [name, schema[5][index]]));
  return (struct, write) => struct && convertEntries(struct, (name) => converterOf(members.get(name)), write);
});

function convertNumber(value: unknown, write: (double: number) => unknown): unknown {
  return Number.isInteger(value) ? write(value as number) : value;
}

function convertEntries(
  object: object,
  converter: (name: string) => Convert | undefined,
  write: (double: number) => unknown,
): object {
  const converted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    const convert = converter(name);
    converted[name] = convert === undefined ? value : convert(value, write);
  }
  return converted;
}

function reachesDouble(ref: unknown, seen: Set<unknown>): boolean {
  const schema = targetOf(ref);
  if (schema === doubleSchema) return true;
  if (!Array.isArray(schema) || seen.has(schema)) return false;
  seen.add(schema);
  if (schema[0] === 1) return reachesDouble(schema[4], seen);
  if (schema[0] === 2) return reachesDouble(schema[5], seen);
  return Array.isArray(schema[5]) && schema[5].some((member: unknown) => reachesDouble(member, seen));
}

/** A member's reference is a pair of what it refers to and its traits. */
function targetOf(ref: unknown): unknown {
  return Array.isArray(ref) && ref.length === 2 ? ref[0] : ref;
}
