// PutEncryptionConfig: type NONE alone; keys of KMS are not built.
import { keyNotWanted, notBuilt } from '../errors.ts';
import type { XRayOperation } from '../xray.ts';

export function putEncryptionConfig(): XRayOperation<'PutEncryptionConfig'> {
  return async ({ Type, KeyId }) => {
    if (Type === 'KMS') throw notBuilt('encryption of traces by a key of KMS');
    if (KeyId !== undefined) throw keyNotWanted();
    return { EncryptionConfig: { Status: 'ACTIVE', Type: 'NONE' } };
  };
}
