// Who signed a request that is no call of an AWS operation, with a signature that is looked at: callers of function URLs.
import type { Caller } from '../services/service.ts';
import { parseSignature, type RawRequest, verifySignature } from '../protocol/index.ts';
import { authenticate, type CallerDirectory } from './authenticate.ts';
import { recognise } from './recognise.ts';

/** How far the signer's clock may be from ours, as on AWS. */
const skewMs = 5 * 60_000;

/**
 * The caller; undefined for a request that is not signed, or not rightly, or not now. Keys that were not made here, such
 * as the number of an account, have no secret to compare with and are taken for whom they name, as everywhere.
 */
export async function signedCaller(
  request: RawRequest,
  directory: CallerDirectory,
  nowMs: number,
): Promise<Caller | undefined> {
  const signature = parseSignature(request);
  if (signature === undefined || signature.service !== 'lambda') return undefined;
  const signedAt = parseTime(signature.signedAt);
  const lastsMs = signature.expiresSeconds === undefined ? skewMs : signature.expiresSeconds * 1000;
  if (!(nowMs >= signedAt - skewMs && nowMs <= signedAt + lastsMs)) return undefined;
  const secret = await directory.secret(signature.accessKeyId, signature.sessionToken);
  if (secret !== undefined && !verifySignature(request, signature, secret)) return undefined;
  return authenticate(recognise(request), directory);
}

/** `20260131T120000Z` as epoch milliseconds; NaN for anything else. */
function parseTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
