// An error as its contract models it: code, status, and the members that its body and headers hold.
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, StaticStructureSchema } from '@smithy/types';
import type { Contract } from '../contracts/contract.ts';
import type { AwsError } from '../core/errors.ts';
import { factsOf } from './service-facts.ts';

export interface ErrorShape {
  /** Name of the modelled shape, or the error's own code. */
  code: string;
  /** Code of the query protocol. */
  queryCode: string;
  status: number;
  /** By the status: the sender's or the receiver's. */
  fault: 'client' | 'server';
  /** What goes into headers by binding, beside `error.headers`. */
  headers: Record<string, string>;
  /** Body members in wire order, with the message in the letter case that the shape models. */
  schema: StaticStructureSchema;
  value: Record<string, unknown>;
}

const document = 15;

/**
 * Resolves an error against its contract. A status of 400, AwsError's default, gives way to the modelled one.
 * Members that the shape does not model are kept, after the modelled ones. `Type` is told by the status unless the
 * error gives one; null stands for the few errors that AWS sends without.
 */
export function errorShape(contract: Contract, error: AwsError): ErrorShape {
  const known = contract.errors.get(error.code);
  const modelled = known?.status ?? 400;
  const plain = modelled < 500 && factsOf(contract.service).plainStatus === true;
  const status = error.status !== 400 ? error.status : plain ? 400 : modelled;
  const fault = status >= 500 ? 'server' : 'client';
  const names: string[] = [];
  const refs: $SchemaRef[] = [];
  const value: Record<string, unknown> = {};
  const headers: Record<string, string> = {};
  let messageName = 'message';
  const bound = new Set<string>();
  if (known) {
    for (const [name, member] of NormalizedSchema.of(known.schema).structIterator()) {
      const header = member.getMemberTraits().httpHeader;
      if (header !== undefined) {
        bound.add(name);
        if (error.members[name] !== undefined) headers[header] = String(error.members[name]);
        continue;
      }
      if (name.toLowerCase() === 'message') messageName = name;
      if (name === 'Type' && error.members['Type'] === null) continue;
      if (name === 'Type' && error.members['Type'] === undefined)
        value['Type'] = fault === 'client' ? 'User' : 'Service';
      names.push(name);
      refs.push(memberRef(known.schema, name));
    }
    // AWS writes Type and Reason before the message.
    const typeIndex = names.indexOf('Type');
    if (typeIndex > 0) {
      names.unshift(...names.splice(typeIndex, 1));
      refs.unshift(...refs.splice(typeIndex, 1));
    }
  }
  for (const [name, member] of Object.entries(error.members)) {
    if (bound.has(name) || member === undefined || (name === 'Type' && member === null)) continue;
    value[name] = member;
    if (!names.includes(name)) {
      names.push(name);
      refs.push(document);
    }
  }
  const given = names.find((name) => name.toLowerCase() === 'message');
  if (given === undefined) {
    names.push(messageName);
    refs.push(0);
  } else messageName = given;
  // An error may give its message as a member, null where AWS sends null.
  if (value[messageName] === undefined) value[messageName] = error.message;
  return {
    code: known?.code ?? error.code,
    queryCode: known?.queryCode ?? factsOf(contract.service).queryCodes?.[error.code] ?? error.code,
    status,
    fault,
    headers: { ...headers, ...error.headers },
    schema: [3, contract.namespace, known?.code ?? error.code, 0, names, refs],
    value,
  };
}

function memberRef(schema: readonly unknown[], name: string): $SchemaRef {
  const index = (schema[4] as string[]).indexOf(name);
  return (schema[5] as $SchemaRef[])[index]!;
}
