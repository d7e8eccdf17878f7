// Reads the Smithy schemas that an SDK client exports, and turns references between them into names.

/** `[static schema ref]`: a number is a simple type, a string the name of a shape or `unit`, a pair adds member traits. */
export type PackedRef = number | string | [number | string, unknown];

/** `[kind, traits, …]`: 0 and 1 add a ref, 2 adds two, structures add members by name and the count of required ones. */
export type PackedShape =
  | [0 | 1, unknown, PackedRef]
  | [2, unknown, PackedRef, PackedRef]
  | [3 | 4 | -3, unknown, Record<string, PackedRef>, number?];

export interface SdkOperation {
  name: string;
  traits: { http?: [string, string, number] };
  input: string;
  output: string;
}

export interface SdkModel {
  namespace: string;
  shapes: Map<string, PackedShape>;
  operations: SdkOperation[];
}

type Schema = unknown;

/** `exports` is the module namespace of an `@aws-sdk/client-*` package. */
export function readSdkModel(exports: Record<string, unknown>): SdkModel {
  const shapes = new Map<string, PackedShape>();
  const identity = new Map<string, Schema>();
  const operations: SdkOperation[] = [];
  let namespace = '';

  const pack = (ref: Schema): PackedRef => {
    const schema: any = typeof ref === 'function' ? ref() : ref;
    if (!Array.isArray(schema)) return schema;
    if (schema.length === 2) {
      const target = pack(schema[0]);
      if (Array.isArray(target)) throw new Error('a member of a member');
      return schema[1] === 0 ? target : [target, schema[1]];
    }
    return packShape(schema);
  };

  const packShape = (schema: any[]): string => {
    const [kind, , name, traits] = schema;
    if (identity.has(name)) {
      // A list or map of simple values is written out wherever it is used, each time the same.
      if (identity.get(name) !== schema && !sameSimple(identity.get(name), schema))
        throw new Error(`two shapes are named ${name}`);
      return name;
    }
    if (name === 'unit') throw new Error('a shape is named as the unit type is');
    identity.set(name, schema);
    // Reserve the place first: shapes refer to themselves.
    shapes.set(name, [0, 0, 0]);
    if (kind === 0 || kind === 1) shapes.set(name, [kind, traits, pack(schema[4])]);
    else if (kind === 2) shapes.set(name, [2, traits, pack(schema[4]), pack(schema[5])]);
    else {
      const members: Record<string, PackedRef> = {};
      schema[4].forEach((member: string, index: number) => {
        members[member] = pack(schema[5][index]);
      });
      const required: number = schema[6] ?? 0;
      shapes.set(name, required > 0 ? [kind, traits, members, required] : [kind, traits, members]);
    }
    return name;
  };

  for (const [name, schema] of Object.entries(exports)) {
    if (!name.endsWith('$') || !Array.isArray(schema)) continue;
    if (schema[0] === 9) {
      namespace = schema[1];
      operations.push({
        name: schema[2],
        traits: typeof schema[3] === 'object' ? schema[3] : {},
        input: pack(schema[4]) as string,
        output: pack(schema[5]) as string,
      });
    } else if (!String(schema[1]).startsWith('smithy.ts.sdk.synthetic')) packShape(schema);
  }
  operations.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { namespace, shapes, operations };
}

function sameSimple(a: Schema, b: Schema): boolean {
  const isSimple = (schema: any) => (schema[0] === 1 || schema[0] === 2) && !schema.slice(4).some(isReference);
  return isSimple(a) && isSimple(b) && JSON.stringify(a) === JSON.stringify(b);
}

function isReference(schema: Schema): boolean {
  return typeof schema === 'function' || Array.isArray(schema);
}
