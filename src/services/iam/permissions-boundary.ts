// Permissions boundaries: a managed policy that bounds a role or user.
import type { CallContext } from '../service.ts';
import type { Iam } from './iam.ts';
import { changeIdentity } from './identities.ts';
import { requireBoundary } from './managed-policies.ts';

/** Sets the boundary of a role or user, or takes it away when `arn` is undefined. */
export async function setBoundary(
  iam: Iam,
  { caller }: CallContext,
  kind: 'role' | 'user',
  name: string,
  arn: string | undefined,
): Promise<void> {
  await changeIdentity(iam, caller.account, kind, name, async (identity, rows) => {
    if (arn !== undefined) await requireBoundary(rows, caller.account, arn);
    return { ...identity, boundary: arn };
  });
}
