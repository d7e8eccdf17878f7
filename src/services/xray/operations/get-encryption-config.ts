// GetEncryptionConfig: traces are not encrypted by a key of the account's own.
import type { XRayOperation } from '../xray.ts';

export function getEncryptionConfig(): XRayOperation<'GetEncryptionConfig'> {
  return async () => ({ EncryptionConfig: { Status: 'ACTIVE', Type: 'NONE' } });
}
