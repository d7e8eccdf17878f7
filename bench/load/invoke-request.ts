// The bytes of an Invoke request as an SDK sends it: signed, with all its headers.
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

const signer = new SignatureV4({
  service: 'lambda',
  region: 'us-east-1',
  credentials: { accessKeyId: '000000000000', secretAccessKey: 'bench' },
  sha256: Sha256,
});

export async function invokeRequest(
  port: number,
  functionName: string,
  payload: Buffer,
  headers: Record<string, string> = {},
): Promise<Buffer> {
  const unsigned = new HttpRequest({
    method: 'POST',
    hostname: '127.0.0.1',
    port,
    path: `/2015-03-31/functions/${functionName}/invocations`,
    headers: {
      host: `127.0.0.1:${port}`,
      'content-type': 'application/octet-stream',
      'content-length': String(payload.length),
      'x-amz-user-agent': 'aws-sdk-js/3.1164.0',
      'user-agent':
        'aws-sdk-js/3.1164.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.21.0 api/lambda#3.1164.0 m/E,N cfg/retry-mode#standard',
      'amz-sdk-invocation-id': '7f1c2a5e-0f4e-4a56-8b3c-3f6f0d1c9b2a',
      'amz-sdk-request': 'attempt=1; max=3',
      ...headers,
    },
    body: payload,
  });
  const { method, path, headers: signed } = await signer.sign(unsigned);
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: keep-alive\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), payload]);
}
