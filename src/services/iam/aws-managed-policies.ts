// AWS's own managed policies, as far as functions and those who write them attach them. A small table, read on first use.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface AwsManagedPolicy {
  name: string;
  /** E.g. `/service-role/`. */
  path: string;
  id: string;
  description: string | undefined;
  createdAt: number;
  updatedAt: number;
  /** Number of the version that AWS has in force; the only one kept here. */
  version: number;
  document: string;
}

interface Packed {
  path: string;
  version: number;
  description?: string;
  created: string;
  updated: string;
  document: object;
}

let loaded: Map<string, AwsManagedPolicy> | undefined;

/** The policy at a path, e.g. `/service-role/AWSLambdaBasicExecutionRole`; undefined when the table lacks it. */
export function awsManagedPolicy(pathAndName: string): AwsManagedPolicy | undefined {
  return table().get(pathAndName);
}

export function awsManagedPolicies(): AwsManagedPolicy[] {
  return [...table().values()];
}

function table(): Map<string, AwsManagedPolicy> {
  loaded ??= read();
  return loaded;
}

function read(): Map<string, AwsManagedPolicy> {
  const text = readFileSync(new URL('./aws-managed-policies.json', import.meta.url), 'utf8');
  const policies = new Map<string, AwsManagedPolicy>();
  for (const [name, packed] of Object.entries<Packed>(JSON.parse(text))) {
    policies.set(`${packed.path}${name}`, {
      name,
      path: packed.path,
      id: idOf(name),
      description: packed.description,
      createdAt: Date.parse(packed.created),
      updatedAt: Date.parse(packed.updated),
      version: packed.version,
      document: JSON.stringify(packed.document, undefined, 4),
    });
  }
  return policies;
}

/** AWS publishes no list of its policies' ids, so they follow from the names. */
function idOf(name: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const hash = createHash('sha256').update(`aws:${name}`).digest();
  return `ANPA${Array.from(hash.subarray(0, 17), (byte) => letters[byte & 31]).join('')}`;
}
