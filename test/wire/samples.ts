// Deterministic sample values for every shape of a contract, so that round trips can be compared.
import type { NormalizedSchema } from '@smithy/core/schema';

/** Values for members of the outermost structure, where a client or HTTP itself does not take any value. */
export type Overrides = Record<string, unknown>;

/** Omits a member. */
export const omit = Symbol('omit');

/** Makes samples of one operation; every call continues the count that values are made of, so that no two are alike. */
export class Sampler {
  #count = 0;
  readonly #overrides: Overrides;

  constructor(overrides: Overrides) {
    this.#overrides = overrides;
  }

  /** A structure with every member set, recursive ones to one level. */
  structure(schema: NormalizedSchema, stack: readonly string[] = []): Record<string, unknown> {
    const name = schema.getName() ?? '';
    const members = [...schema.structIterator()];
    // A union holds one member; which one varies.
    const chosen = schema.isUnionSchema() ? [members[this.#count % members.length]!] : members;
    const out: Record<string, unknown> = {};
    for (const [member, target] of chosen) {
      const overridden = stack.length === 0 && member in this.#overrides;
      const value = overridden ? this.#overrides[member] : this.value(target, [...stack, name]);
      if (value !== omit) out[member] = value;
    }
    return out;
  }

  /** `inHeader` is true for what lies inside a list or map that travels in headers. */
  value(schema: NormalizedSchema, stack: readonly string[], inHeader = isHeader(schema)): unknown {
    this.#count++;
    if (schema.isStructSchema()) {
      if (schema.isStreaming()) return this.events(schema, stack);
      return stack.includes(schema.getName() ?? '') ? omit : this.structure(schema, stack);
    }
    if (schema.isListSchema()) return this.#list(schema, stack, inHeader);
    if (schema.isMapSchema()) {
      const values = this.#list(schema, stack, inHeader);
      return Object.fromEntries(values.map((value, index) => [`key-${index}`, value]));
    }
    if (schema.isBooleanSchema()) return this.#count % 2 === 0;
    if (schema.isNumericSchema()) return this.#count;
    if (schema.isTimestampSchema()) return new Date(1_700_000_000_000 + this.#count * 1000);
    if (schema.isBlobSchema()) return Buffer.from([0, 255, this.#count % 256, 10]);
    if (!schema.isStringSchema()) throw new Error(`no sample for ${schema.getName(true)}`);
    // Characters that every format must escape, but only those that HTTP headers can carry where that is the place.
    return inHeader ? `text-${this.#count}` : `t/e x+t&=<"%'>é\u{1F600}-${this.#count}`;
  }

  /** One event of each kind that is not an error. */
  events(schema: NormalizedSchema, stack: readonly string[]): Record<string, unknown>[] {
    const members = [...schema.structIterator()].filter(([, member]) => !member.getMergedTraits().error);
    return members.map(([name, member]) => ({ [name]: this.structure(member, stack) }));
  }

  #list(schema: NormalizedSchema, stack: readonly string[], inHeader: boolean): unknown[] {
    const item = schema.getValueSchema();
    const values = [this.value(item, stack, inHeader), this.value(item, stack, inHeader)];
    return values.filter((value) => value !== omit);
  }
}

function isHeader(schema: NormalizedSchema): boolean {
  const { httpHeader, httpPrefixHeaders } = schema.getMergedTraits();
  return httpHeader !== undefined || httpPrefixHeaders !== undefined;
}
