// The operations of STS, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { Sts } from '../sts.ts';
import { assumeRole } from './assume-role.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getSessionToken } from './get-session-token.ts';

export function operationsOf(sts: Sts): OperationTable<'sts'> {
  return {
    AssumeRole: assumeRole(sts),
    GetAccessKeyInfo: getAccessKeyInfo(),
    GetCallerIdentity: getCallerIdentity(),
    GetSessionToken: getSessionToken(sts),
  };
}
