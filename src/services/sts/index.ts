// The door of STS.
import type { Service } from '../service.ts';
import type { Sts } from './sts.ts';

export { roleSessionIdentity } from './role-session.ts';
export { SessionCredentialIssuer, type SessionCredentials, type SessionIdentity } from './session-credentials.ts';

export function createSts(sts: Sts): Service<'sts'> {
  return {
    name: 'sts',
    operations: async () => (await import('./operations/index.ts')).operationsOf(sts),
  };
}
