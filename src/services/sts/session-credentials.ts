// Temporary credentials that need no storage: the token is signed by the data folder's key, the secret derives from the key id.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ids } from '../../core/ids.ts';

/** Who acts with a session's credentials. */
export interface SessionIdentity {
  /** Twelve digits. */
  account: string;
  /** E.g. `arn:aws:sts::000000000000:assumed-role/name/session`. */
  arn: string;
  /** E.g. `AROAEXAMPLE:session`. */
  userId: string;
}

export interface SessionCredentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

interface TokenClaims extends SessionIdentity {
  accessKeyId: string;
  /** Epoch milliseconds. */
  expires: number;
}

/** Longest-lived answers of the cache below; a token is short, its parsing is not free on the hot path. */
const maxCachedTokens = 10_000;

/** Issues and reads session credentials under one secret key. */
export class SessionCredentialIssuer {
  readonly #key: Buffer;
  readonly #ids: Ids;
  readonly #seen = new Map<string, TokenClaims | undefined>();

  constructor(key: Buffer, ids: Ids) {
    this.#key = key;
    this.#ids = ids;
  }

  /** Credentials for `identity` until `expires` (epoch milliseconds). */
  issue(identity: SessionIdentity, expires: number): SessionCredentials {
    const accessKeyId = `ASIA${this.#ids.base32(16)}`;
    const claims: TokenClaims = { ...identity, accessKeyId, expires };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return {
      AccessKeyId: accessKeyId,
      SecretAccessKey: this.secretOf(accessKeyId),
      SessionToken: `${body}.${this.#sign(`token:${body}`)}`,
      Expiration: new Date(expires),
    };
  }

  /** The secret access key that belongs to an access key id of ours. */
  secretOf(accessKeyId: string): string {
    return this.#sign(`secret:${accessKeyId}`).slice(0, 40);
  }

  /** Whom a session token stands for; undefined when it is not ours or was tampered with. Expiry is the caller's business. */
  read(sessionToken: string): TokenClaims | undefined {
    if (!this.#seen.has(sessionToken)) {
      if (this.#seen.size >= maxCachedTokens) this.#seen.clear();
      this.#seen.set(sessionToken, this.#verify(sessionToken));
    }
    return this.#seen.get(sessionToken);
  }

  #verify(sessionToken: string): TokenClaims | undefined {
    const [body = '', signature = ''] = sessionToken.split('.', 2);
    const expected = Buffer.from(this.#sign(`token:${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString());
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
