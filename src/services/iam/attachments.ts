// Managed policies attached to roles, users and groups.
import type { CallContext } from '../service.ts';
import { noSuchPolicy, policyNotAttachable, quotaExceeded } from './errors.ts';
import type { Iam } from './iam.ts';
import { requireIdentity } from './identities.ts';
import { limits } from './limits.ts';
import { findPolicy, policyNameOf, policyPathOf, requirePolicyArn } from './managed-policies.ts';
import { type PageRequest, page } from './pages.ts';
import type { IdentityKind } from './store/index.ts';

const quotas: Record<IdentityKind, string> = {
  role: 'PoliciesPerRole',
  user: 'PoliciesPerUser',
  group: 'PoliciesPerGroup',
};

/** Attaches a policy; one that is attached already stays so. */
export async function attachPolicy(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  arn: string,
): Promise<void> {
  requirePolicyArn(arn);
  await iam.store.change(async (rows) => {
    const identity = await requireIdentity(rows, caller.account, kind, owner);
    if ((await findPolicy(rows, caller.account, arn)) === undefined) throw policyNotAttachable(arn);
    const attached = await rows.attachments.of(identity.id);
    if (attached.includes(arn)) return;
    if (attached.length >= limits.attachedPolicies[kind])
      throw quotaExceeded(quotas[kind], limits.attachedPolicies[kind]);
    await rows.attachments.insert(identity, arn);
  });
}

export async function detachPolicy(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  arn: string,
): Promise<void> {
  requirePolicyArn(arn);
  await iam.store.change(async (rows) => {
    const identity = await requireIdentity(rows, caller.account, kind, owner);
    if (!(await rows.attachments.delete(identity.id, arn))) throw noSuchPolicy(arn);
  });
}

export async function listAttachedPolicies(
  iam: Iam,
  { caller }: CallContext,
  kind: IdentityKind,
  owner: string,
  request: PageRequest & { PathPrefix?: string | undefined },
) {
  const identity = await requireIdentity(iam.store.rows, caller.account, kind, owner);
  const attached = (await iam.store.rows.attachments.of(identity.id))
    .filter((arn) => policyPathOf(arn).startsWith(request.PathPrefix ?? '/'))
    .map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn }));
  // An account's policy may bear the name of one of AWS: the ARN's beginning tells them apart.
  const keyOf = (policy: { PolicyName: string; PolicyArn: string }) =>
    `${policy.PolicyName.toLowerCase()} ${policy.PolicyArn.split(':')[4]}`;
  const { items, rest } = page(attached, keyOf, request);
  return { AttachedPolicies: items, ...rest };
}
