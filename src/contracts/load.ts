// Reads a generated contract on first use and turns its names back into Smithy's static schemas.
import { readFileSync } from 'node:fs';
import type { $SchemaRef, StaticErrorSchema, StaticSimpleSchema, StaticStructureSchema } from '@smithy/types';
import type {
  Constraint,
  Contract,
  ErrorContract,
  MemberContract,
  OperationContract,
  ServiceMetadata,
} from './contract.ts';
import type { OperationsByService } from './services.ts';

type PackedRef = number | string | [number | string, unknown];

interface PackedContract {
  service: string;
  namespace: string;
  metadata: Omit<ServiceMetadata, 'protocols'> & { protocols: ServiceMetadata['protocols'] };
  operations: Record<
    string,
    {
      input: string;
      output: string;
      http?: [string, string, number];
      errors: string[];
      deprecated?: boolean;
      noInput?: boolean;
      noOutput?: boolean;
    }
  >;
  errors: Record<string, { status: number; queryCode?: string }>;
  shapes: Record<string, any[]>;
  members: Record<string, Record<string, string>>;
  constraints: Record<string, Constraint>;
}

/** A number with a fraction, in outputs. Smithy's static schemas know numbers only. */
export const doubleSchema: StaticSimpleSchema = [0, 'smithy.api', 'Double', 0, 1];

/** What generated contracts call numbers of outputs that are doubles. */
const doubles: ReadonlyMap<string, $SchemaRef> = new Map<string, $SchemaRef>([
  ['double', doubleSchema],
  ['doubleList', [1, 'smithy.api', 'DoubleList', 0, doubleSchema]],
  ['doubleMap', [2, 'smithy.api', 'DoubleMap', 0, 0, doubleSchema]],
]);

const loaded = new Map<string, Contract>();

/** Parses `<service>.json` the first time (a few milliseconds), and answers from memory after that. */
export function loadContract(service: keyof OperationsByService): Contract {
  let contract = loaded.get(service);
  if (!contract) {
    contract = unpack(JSON.parse(readFileSync(new URL(`./${service}.json`, import.meta.url), 'utf8')));
    loaded.set(service, contract);
  }
  return contract;
}

function unpack(packed: PackedContract): Contract {
  const schemas = new Map<string, any[]>();
  // Two passes, since shapes refer to each other in circles: first the arrays, then what they hold.
  for (const [name, [kind, traits]] of Object.entries(packed.shapes))
    schemas.set(name, [kind, packed.namespace, name, traits]);
  const refer = (ref: PackedRef): $SchemaRef => {
    if (Array.isArray(ref)) return [refer(ref[0]), ref[1]] as $SchemaRef;
    if (typeof ref === 'number' || ref === 'unit') return ref as $SchemaRef;
    const double = doubles.get(ref);
    if (double !== undefined) return double;
    const schema = schemas.get(ref);
    if (!schema) throw new Error(`contract of ${packed.service} lacks shape ${ref}`);
    return schema as $SchemaRef;
  };
  for (const [name, [kind, , first, second]] of Object.entries(packed.shapes)) {
    const schema = schemas.get(name)!;
    if (kind === 0 || kind === 1) schema.push(refer(first));
    else if (kind === 2) schema.push(refer(first), refer(second));
    else {
      schema.push(Object.keys(first), Object.values<PackedRef>(first).map(refer));
      if (second !== undefined) schema.push(second);
    }
  }

  const nothing: StaticStructureSchema = [3, packed.namespace, 'Unit', 0, [], []];
  const structure = (name: string): StaticStructureSchema =>
    name === 'unit' ? nothing : (schemas.get(name) as unknown as StaticStructureSchema);

  const operations = new Map<string, OperationContract>();
  for (const [name, each] of Object.entries(packed.operations)) {
    operations.set(name, {
      name,
      input: structure(each.input),
      output: structure(each.output),
      ...(each.http && { http: { method: each.http[0], uri: each.http[1], status: each.http[2] } }),
      errors: each.errors,
      deprecated: each.deprecated === true,
      noInput: each.noInput === true,
      noOutput: each.noOutput === true,
    });
  }

  const errors = new Map<string, ErrorContract>();
  for (const [code, fact] of Object.entries(packed.errors)) {
    const error: ErrorContract = { code, schema: schemas.get(code) as unknown as StaticErrorSchema, ...fact };
    errors.set(code, error);
    if (fact.queryCode !== undefined && !packed.errors[fact.queryCode]) errors.set(fact.queryCode, error);
  }

  const members = new Map<string, readonly MemberContract[]>();
  for (const [structureName, described] of Object.entries(packed.members)) {
    members.set(
      structureName,
      Object.entries(described).map(([name, text]) => {
        const required = text.endsWith('!');
        const constraint = required ? text.slice(0, -1) : text;
        return constraint === '' ? { name, required } : { name, required, constraint };
      }),
    );
  }

  return {
    service: packed.service,
    namespace: packed.namespace,
    metadata: packed.metadata,
    operations,
    errors,
    members,
    constraints: new Map(Object.entries(packed.constraints)),
  };
}
