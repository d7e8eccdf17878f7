// ListVirtualMFADevices: always none, since they cannot be made here. Asked before a user is deleted by force.
import type { IamOperation } from '../iam.ts';

export function listVirtualMfaDevices(): IamOperation<'ListVirtualMFADevices'> {
  return async () => {
    return { VirtualMFADevices: [], IsTruncated: false };
  };
}
