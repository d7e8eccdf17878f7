// Who a role's session is, in the forms that AWS gives it.
import { createHash } from 'node:crypto';
import type { Arn } from '../../core/arn.ts';
import type { SessionIdentity } from './session-credentials.ts';

/** The identity of session `sessionName` of `role`, an ARN of a role, under the unique id that IAM gave it, if it holds it. */
export function roleSessionIdentity(role: Arn, sessionName: string, roleId = derivedRoleId(role)): SessionIdentity {
  const roleName = role.resource.slice(role.resource.lastIndexOf('/') + 1);
  return {
    account: role.account,
    arn: `arn:${role.partition}:sts::${role.account}:assumed-role/${roleName}/${sessionName}`,
    userId: `${roleId}:${sessionName}`,
  };
}

/** A unique id for a role that IAM does not hold, the same for the same role: `AROA` and seventeen characters. */
function derivedRoleId(role: Arn): string {
  const hash = createHash('sha256').update(`${role.account}:${role.resource}`).digest();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `AROA${Array.from(hash.subarray(0, 17), (byte) => letters[byte & 31]).join('')}`;
}
