// Certificates and signed deployment packages for tests.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { zipOf } from './zip.ts';

export interface Signer {
  privateKey: KeyObject;
  /** Self-signed, in PEM. */
  certificate: string;
}

/** A new P-256 key with a certificate that is valid for these years. */
export function newSigner(fromYear = 2000, toYear = 2049): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const commonName = der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('signer')));
  const name = der(0x30, der(0x31, commonName));
  const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`));
  const utcTime = (year: number) => der(0x17, Buffer.from(`${String(year % 100).padStart(2, '0')}0101000000Z`));
  const timeOf = (year: number) => (year < 2050 ? utcTime(year) : time(year));
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(0x30, timeOf(fromYear), timeOf(toYear)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = der(0x30, toBeSigned, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return { privateKey, certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` };
}

/** A tag, the length of its content, and the content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** The signature file of a package of these files, as README of Lambda's service describes it. */
export function signatureOf(
  files: Record<string, string>,
  profile: string,
  privateKey: KeyObject,
  claims: Record<string, unknown> = {},
): string {
  const hashes = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      `file:${createHash('sha256').update(content).digest('hex')}`,
    ]),
  );
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'ES256', kid: profile });
  const payload = part({ files: hashes, ...claims });
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return JSON.stringify({ protected: header, payload, signature: signature.toString('base64url') });
}

/** A package of these files with their signature. */
export function signedZip(
  files: Record<string, string>,
  profile: string,
  privateKey: KeyObject,
  claims: Record<string, unknown> = {},
): Buffer {
  return zipOf({ ...files, 'META-INF/lambent-signature.json': signatureOf(files, profile, privateKey, claims) });
}
