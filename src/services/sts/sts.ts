// What the operations of STS work with.
import type { OperationOf } from '../service.ts';
import type { OperationsOf } from '../../contracts/index.ts';
import type { SessionCredentialIssuer } from './session-credentials.ts';

export interface Sts {
  issuer: SessionCredentialIssuer;
}

export type StsOperation<O extends keyof OperationsOf<'sts'>> = OperationOf<'sts', O>;
