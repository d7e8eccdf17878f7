// The signature within a deployment package: a flattened JSON Web Signature (RFC 7515) over the hashes of all its other
// entries, made with the key of the certificate that the operator has put for the signing profile version in `kid`.
import { createHash, type KeyObject, verify, type X509Certificate } from 'node:crypto';

/** Where a package carries its signature. */
export const signaturePath = 'META-INF/lambent-signature.json';

/** What a package holds: `file:` or `link:` and the SHA-256 of the content, or of where the link leads, by path. */
export type PackageHashes = ReadonlyMap<string, string>;

export const hashOfEntry = (kind: 'file' | 'link', content: Buffer) =>
  `${kind}:${createHash('sha256').update(content).digest('hex')}`;

export type Verdict =
  | { is: 'trusted'; profileVersionArn: string; jobArn?: string }
  /** No allowed publisher signed it, or not for now: the policy decides. */
  | { is: 'untrusted'; why: string }
  /** The package is not what was signed, whatever the policy says. */
  | { is: 'broken'; why: string };

interface Claims {
  /** As PackageHashes. */
  files: Record<string, string>;
  /** Seconds since the epoch from which on the signature is no longer good. */
  exp?: number;
  /** ARN of the signing job. */
  job?: string;
}

interface Signature {
  algorithm: string;
  profileVersionArn: string;
  claims: Claims;
  /** What is signed, and by what. */
  signed: Buffer;
  signature: Buffer;
}

/**
 * Judges a package by its signature file, which is absent when it has none: whether one of `publishers` signed just what
 * it holds, for a time that includes `now`.
 */
export function judgeSignature(
  hashes: PackageHashes,
  signatureFile: Buffer | undefined,
  publishers: readonly string[],
  certificates: ReadonlyMap<string, X509Certificate>,
  now: number,
): Verdict {
  if (signatureFile === undefined) return { is: 'untrusted', why: 'it is not signed' };
  const signature = readSignature(signatureFile);
  if (signature === undefined) return { is: 'broken', why: 'its signature cannot be read' };
  const { claims, profileVersionArn } = signature;
  if (!isSame(hashes, claims.files)) return { is: 'broken', why: 'its content is not what was signed' };
  const certificate = certificates.get(profileVersionArn);
  if (certificate !== undefined && !isSignedBy(certificate.publicKey, signature)) {
    return { is: 'broken', why: `its signature is not by the certificate of ${profileVersionArn}` };
  }
  if (!publishers.includes(profileVersionArn)) {
    return { is: 'untrusted', why: `${profileVersionArn} is no allowed publisher` };
  }
  if (certificate === undefined) {
    return { is: 'untrusted', why: `no certificate is known for ${profileVersionArn} (--signing-profile)` };
  }
  if (now < Date.parse(certificate.validFrom) || now >= Date.parse(certificate.validTo)) {
    return { is: 'untrusted', why: `the certificate of ${profileVersionArn} is not valid now` };
  }
  if (claims.exp !== undefined && now >= claims.exp * 1000)
    return { is: 'untrusted', why: 'its signature has expired' };
  return { is: 'trusted', profileVersionArn, ...(claims.job === undefined ? {} : { jobArn: claims.job }) };
}

function isSame(hashes: PackageHashes, files: Record<string, string>): boolean {
  const signed = Object.entries(files);
  return signed.length === hashes.size && signed.every(([path, hash]) => hashes.get(path) === hash);
}

/** Takes a signature file apart; undefined for what is none. */
function readSignature(file: Buffer): Signature | undefined {
  try {
    const { protected: header, payload, signature } = JSON.parse(file.toString());
    const { alg: algorithm, kid: profileVersionArn } = decode(header) as Record<string, unknown>;
    const claims = decode(payload) as Claims;
    if (typeof algorithm !== 'string' || typeof profileVersionArn !== 'string') return undefined;
    if (typeof claims.files !== 'object' || claims.files === null) return undefined;
    if (claims.exp !== undefined && !Number.isFinite(claims.exp)) return undefined;
    if (claims.job !== undefined && typeof claims.job !== 'string') return undefined;
    return {
      algorithm,
      profileVersionArn,
      claims,
      signed: Buffer.from(`${header}.${payload}`),
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

/** Hash and curve of each algorithm; RSA has no curve, Ed25519 hashes by itself. */
const algorithms: Readonly<Record<string, { key: string; hash: string | null; curve?: string }>> = {
  ES256: { key: 'ec', hash: 'sha256', curve: 'prime256v1' },
  ES384: { key: 'ec', hash: 'sha384', curve: 'secp384r1' },
  ES512: { key: 'ec', hash: 'sha512', curve: 'secp521r1' },
  RS256: { key: 'rsa', hash: 'sha256' },
  RS384: { key: 'rsa', hash: 'sha384' },
  RS512: { key: 'rsa', hash: 'sha512' },
  EdDSA: { key: 'ed25519', hash: null },
};

/** The key decides which algorithms may be named, never the other way round. */
function isSignedBy(key: KeyObject, { algorithm, signed, signature }: Signature): boolean {
  const known = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  if (known === undefined || key.asymmetricKeyType !== known.key) return false;
  if (known.curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== known.curve) return false;
  return verify(known.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
