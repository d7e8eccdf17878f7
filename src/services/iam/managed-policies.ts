// Managed policies: those of an account and those of AWS, as one kind of thing.
import type { Caller } from '../service.ts';
import { awsManagedPolicies, awsManagedPolicy } from './aws-managed-policies.ts';
import { accessDenied, invalidInput, noSuchBoundary, noSuchPolicy, validationError } from './errors.ts';
import type { IamRows, Policy } from './store/index.ts';

/** `arn:partition:iam::account-or-aws:policy/path/name`. */
const arnPattern = /^arn:(aws[a-z-]*):iam::(\d{12}|aws):policy(\/(?:[\w+=,.@/-]*\/)?)([\w+=,.@-]+)$/;

function isPolicyArn(arn: string): boolean {
  return arnPattern.test(arn);
}

/** Throws when `arn` is none of a policy. */
export function requirePolicyArn(arn: string): void {
  if (!isPolicyArn(arn)) throw validationError(`ARN ${arn} is not valid.`);
}

export function policyPathOf(arn: string): string {
  return arnPattern.exec(arn)?.[3] ?? '/';
}

export function policyNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The policy of that ARN, if it is of AWS or of `account`. */
export async function findPolicy(rows: IamRows, account: string, arn: string): Promise<Policy | undefined> {
  const [, partition, owner, path, name] = arnPattern.exec(arn) ?? [];
  if (owner === 'aws') return ofAws(`${path}${name}`, partition!);
  return owner === account ? rows.policies.find(arn) : undefined;
}

/** Throws NoSuchEntity, or `missing`, when there is no such policy. */
export async function requirePolicy(
  rows: IamRows,
  account: string,
  arn: string,
  missing = noSuchPolicy(arn),
): Promise<Policy> {
  requirePolicyArn(arn);
  const policy = await findPolicy(rows, account, arn);
  if (policy === undefined) throw missing;
  return policy;
}

/** Throws when `arn` is not that of a policy that can bound. */
export async function requireBoundary(rows: IamRows, account: string, arn: string): Promise<void> {
  if (!isPolicyArn(arn)) throw invalidInput(`ARN ${arn} is not valid.`);
  if ((await findPolicy(rows, account, arn)) === undefined) throw noSuchBoundary(arn);
}

/** A policy that `operation` is about to change. Throws AccessDenied for those of AWS. */
export async function requireOwnPolicy(
  rows: IamRows,
  caller: Caller,
  operation: string,
  arn: string,
  missing = noSuchPolicy(arn),
): Promise<Policy> {
  const policy = await requirePolicy(rows, caller.account, arn, missing);
  if (policy.account !== caller.account) {
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: iam:${operation} on resource: policy ${arn}`);
  }
  return policy;
}

/** All policies of AWS, as a caller of that partition sees them. */
export function policiesOfAws(partition: string): Policy[] {
  return awsManagedPolicies().map(({ path, name }) => ofAws(`${path}${name}`, partition)!);
}

function ofAws(pathAndName: string, partition: string): Policy | undefined {
  const policy = awsManagedPolicy(pathAndName);
  if (policy === undefined) return undefined;
  const { version, document: _document, ...told } = policy;
  return {
    ...told,
    account: 'aws',
    arn: `arn:${partition}:iam::aws:policy${pathAndName}`,
    tags: [],
    defaultVersion: version,
    lastVersion: version,
  };
}
