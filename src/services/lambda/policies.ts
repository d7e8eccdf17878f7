// The policy of a function, a version or an alias, kept under its qualifier and revised with it.
import { parseArn } from '../../core/arn.ts';
import type { Caller } from '../service.ts';
import { invalidParameter, preconditionFailed, settingNotBuilt } from './errors.ts';
import { type FunctionReference, resolveFunctionName } from './function-name.ts';
import { type Qualified, revise } from './qualified.ts';
import type { PolicyDocument } from './resource-policy.ts';
import { type FunctionTransaction, wholeFunction } from './store/index.ts';

/** Whose policy a request is about. Throws InvalidParameterValueException for $LATEST, which has none of its own. */
export function policyOwner(name: string, caller: Caller, action: string, qualifier?: string): FunctionReference {
  const reference = resolveFunctionName(name, caller, action, qualifier);
  if (reference.qualifier === '$LATEST') {
    throw invalidParameter('We currently do not support adding policies for $LATEST.');
  }
  return reference;
}

/** The same for an ARN. Runtimes, which have policies on AWS, have none here. */
export function policyResource(arn: string, caller: Caller, action: string): FunctionReference {
  if (parseArn(arn)?.resource.startsWith('function:') !== true) throw settingNotBuilt('The policy of a runtime');
  return policyOwner(arn, caller, action);
}

/** Under which qualifier the settings hold a policy. */
export const policySlot = ({ qualifier }: FunctionReference) => qualifier ?? wholeFunction;

/** Throws PreconditionFailedException unless `revisionId`, where given, is the latest. */
export function checkRevision(found: Qualified, revisionId: string | undefined): void {
  if (revisionId !== undefined && revisionId !== found.revisionId) throw preconditionFailed();
}

/** Writes a policy, or deletes it where there is none left; gives its owner the new revision. */
export async function putPolicy(
  transaction: FunctionTransaction,
  owner: FunctionReference,
  found: Qualified,
  policy: PolicyDocument | undefined,
  revisionId: string,
): Promise<void> {
  if (policy === undefined) await transaction.settings.delete('policy', owner, policySlot(owner));
  else await transaction.settings.put('policy', owner, policySlot(owner), policy);
  await revise(transaction, owner, found, revisionId);
}
