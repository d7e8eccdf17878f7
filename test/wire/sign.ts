// Headers that sign a GET request to a URL as an AWS SDK would, for what SDKs have no client of.
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

export async function sign(
  url: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
  region: string,
): Promise<Record<string, string>> {
  const { protocol, hostname, host, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
  const query = Object.fromEntries(searchParams);
  const request = new HttpRequest({ protocol, hostname, path: pathname, query, headers: { host } });
  return (await signer.sign(request)).headers;
}
