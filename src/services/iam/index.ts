// The door of IAM.
import type { Service } from '../service.ts';
import type { Iam } from './iam.ts';

export type { AccessKeyHolder } from './access-key-holders.ts';
export { type Iam, openIam } from './iam.ts';
export { type RoleTrust, roleIdOf, roleTrusts, trustPolicyOf, userOfAccessKey } from './inquiries.ts';

export function createIam(iam: Iam): Service<'iam'> {
  return {
    name: 'iam',
    operations: async () => (await import('./operations/index.ts')).operationsOf(iam),
  };
}
