// A queue's policy as AddPermission and RemovePermission change it: one statement a label.
import { partitionOf } from '../../core/arn.ts';
import { invalidValue, overLimit } from './errors.ts';
import { limits } from './limits.ts';
import type { Queue } from './queue.ts';

interface Statement {
  Sid?: string;
  [member: string]: unknown;
}

interface Policy {
  Version: string;
  Id?: string;
  Statement: Statement[];
}

const oneOrMany = <T>(values: readonly T[]): T | readonly T[] => (values.length === 1 ? values[0]! : values);

/** The policy with a further statement, as JSON. */
export function policyWith(
  queue: Queue,
  label: string,
  accounts: readonly string[],
  actions: readonly string[],
): string {
  const policy = policyOf(queue) ?? { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidValue(label, 'Label', 'Already exists.');
  if (policy.Statement.length >= limits.policyStatements) {
    throw overLimit(
      `${policy.Statement.length + 1} statements were found, maximum allowed is ${limits.policyStatements}.`,
    );
  }
  const partition = partitionOf(queue.region);
  const statement: Statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(accounts.map((account) => `arn:${partition}:iam::${account}:root`)) },
    Action: oneOrMany(actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  };
  return JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] });
}

/** The policy without the statement of that label, as JSON; undefined when nothing is left of it. */
export function policyWithout(queue: Queue, label: string): string | undefined {
  const policy = policyOf(queue);
  const kept = policy?.Statement.filter(({ Sid }) => Sid !== label) ?? [];
  if (policy === undefined || kept.length === policy.Statement.length) {
    throw invalidValue(label, 'Label', "can't find label.");
  }
  return kept.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: kept });
}

function policyOf({ state }: Queue): Policy | undefined {
  const text = state.attributes['Policy'];
  if (text === undefined) return undefined;
  const policy = JSON.parse(text);
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}
