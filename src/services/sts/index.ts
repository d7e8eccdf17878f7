// The door of STS.
import type { Service } from '../service.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getAccessKeyInfo } from './operations/get-access-key-info.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
import type { Sts } from './sts.ts';

export { roleSessionIdentity } from './role-session.ts';
export { SessionCredentialIssuer, type SessionCredentials, type SessionIdentity } from './session-credentials.ts';

export function createSts(sts: Sts): Service<'sts'> {
  return {
    name: 'sts',
    operations: {
      AssumeRole: assumeRole(sts),
      GetAccessKeyInfo: getAccessKeyInfo(),
      GetCallerIdentity: getCallerIdentity(),
      GetSessionToken: getSessionToken(sts),
    },
  };
}
